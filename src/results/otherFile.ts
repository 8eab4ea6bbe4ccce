/** What a file that holds no results is, by its first bytes: a name is known better than what it isn't. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";

const known: readonly {
  readonly magic: RegExp;
  readonly is: string;
  readonly wayOut: () => string;
}[] = [
  {
    magic: /^GGUF/u,
    is: "a model's weights (GGUF)",
    wayOut: () => `${toType("run --model FILE")} measures it`,
  },
  {
    // `PK`, 3, 4: the header of its first file (APPNOTE.TXT, 4.3.7).
    magic: /^PK\p{Cc}{2}/u,
    is: "an archive (zip)",
    wayOut: () =>
      `${toType("verify FILE.zip")} checks a bundle, and a spreadsheet's table is saved as CSV`,
  },
  {
    // 1F 8B (RFC 1952, 2.3.1).
    magic: /^\p{Cc}\u008B/u,
    is: "compressed (gzip)",
    wayOut: () => "unpack it first",
  },
  {
    magic: /^(?:\u0089PNG|\u00FF\u00D8\u00FF)/u,
    is: "a picture",
    wayOut: () => "give the table as text",
  },
  {
    magic: /^%PDF/u,
    is: "a document (PDF)",
    wayOut: () => "give the table as text",
  },
  {
    magic: /^\s*<(?:!doctype html|html)/iu,
    is: "a page (HTML)",
    wayOut: () => "give the run's folder, its results.csv or results.jsonl",
  },
];

const headBytes = 64;

/** @throws {LlmbenchError} `input` for a file that is known as another kind, or can't be read. */
export function refuseOtherFile(path: string): void {
  const head = headOf(path);
  const other = known.find(({ magic }) => magic.test(head));
  if (other === undefined) return;
  throw new LlmbenchError(
    "input",
    `${path}: is ${other.is} and holds no results; ${other.wayOut()}`,
  );
}

function headOf(path: string): string {
  try {
    // A pipe without a writer would never open.
    if (!statSync(path).isFile()) return "";
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(headBytes);
      return bytes.toString("latin1", 0, readSync(file, bytes, 0, headBytes, null));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw readFailure(path, error);
  }
}
