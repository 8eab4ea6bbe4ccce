/**
 * Bytes of texts that others wrote, appended or saved: each line in an encoding of its own, where that must be. PowerShell
 * appends UTF-16 to what is UTF-8, and consoles write `±` as the one byte of their code page.
 */
import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import { decodeText, encodingOf } from "../textEncoding.ts";

const lineFeed = 0x0a;

export function decodeMixed(bytes: Buffer): string {
  if (isOneEncoding(bytes)) return decodeText(bytes);
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length;) {
    const end = bytes.indexOf(lineFeed, start);
    const stop = end === -1 ? bytes.length : end;
    lines.push(decodedLine(bytes.subarray(start, stop)));
    start = stop + 1;
  }
  return lines.join("\n");
}

function isOneEncoding(bytes: Buffer): boolean {
  const encoding = encodingOf(bytes);
  switch (encoding) {
    case "utf-8":
      return !bytes.includes(0) && isUtf8(bytes);
    case "utf-16le":
      return everyLineFeed(bytes, (at) => bytes[at + 1] === 0);
    case "utf-16be":
      return everyLineFeed(bytes, (at) => bytes[at - 1] === 0);
    default:
      return encoding satisfies never;
  }
}

function everyLineFeed(bytes: Buffer, isWide: (at: number) => boolean): boolean {
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1))
    if (!isWide(at)) return false;
  return true;
}

/** What is said in UTF-16's lower half, zeros and marks aside, is Latin-1: all of llama-bench's output is. */
function decodedLine(line: Buffer): string {
  if (line.includes(0)) {
    const letters = line.filter((byte) => byte !== 0 && byte !== 0xff && byte !== 0xfe);
    return Buffer.from(letters).toString("latin1");
  }
  return isUtf8(line) ? line.toString("utf8") : new TextDecoder("windows-1252").decode(line);
}
