/** Texts as the bytes that editors and shells make of them. */

const bytesOf = {
  "UTF-8": (text: string) => Buffer.from(text),
  "UTF-8 with a byte order mark": (text: string) => Buffer.from(`\uFEFF${text}`),
  "UTF-16 LE, as PowerShell 5.1 writes it": (text: string) =>
    Buffer.from(`\uFEFF${text}`, "utf16le"),
  "UTF-16 BE": (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
  "UTF-16 LE without a mark": (text: string) => Buffer.from(text, "utf16le"),
} as const;

export type EncodingName = keyof typeof bytesOf;
export const encodingNames = Object.keys(bytesOf) as readonly EncodingName[];

export function encoded(text: string, name: EncodingName): Buffer {
  return bytesOf[name](text);
}
