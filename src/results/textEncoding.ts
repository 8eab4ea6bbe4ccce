/**
 * Bytes of result files as text. They are UTF-8 as we and llama-bench write them; editors put a byte order mark before
 * it, and PowerShell 5.1's `>` makes UTF-16 of whatever a program prints.
 */
import { TextDecoder } from "node:util";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Of a file that begins with these bytes: by its mark, else by the zero that stands in half of each UTF-16 letter. */
export function encodingOf([first, second]: Uint8Array): Encoding {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return "utf-16be";
  return "utf-8";
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, utf8Mark.length).equals(utf8Mark)
    ? bytes.subarray(utf8Mark.length)
    : bytes;
}

/** The text of a file from its beginning, without the mark. */
export function decodeText(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  return encoding === "utf-8"
    ? withoutMark(bytes).toString("utf8")
    : new TextDecoder(encoding).decode(bytes);
}

/** The same for a file in chunks, each as UTF-8. Those of a file that is UTF-8 are handed on as they are. */
export function* utf8Chunks(chunks: Iterable<Buffer>): Generator<Buffer> {
  let decoder: TextDecoder | null | undefined;
  for (const chunk of chunks) {
    const isFirst = decoder === undefined;
    if (decoder === undefined) {
      const encoding = encodingOf(chunk);
      decoder = encoding === "utf-8" ? null : new TextDecoder(encoding);
    }
    if (decoder !== null) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    else yield isFirst ? withoutMark(chunk) : chunk;
  }
  // Half a letter at the end.
  if (decoder) yield Buffer.from(decoder.decode());
}
