/** Where two texts part first, in words. */
import { showValue } from "../../base/showValue.ts";
import { resultFiles } from "../../results/resultFiles.ts";

/** The CSV by row and column, other files by line. */
export function firstDifference(name: string, is: Uint8Array, follows: Uint8Array): string {
  const [have, want] = [linesOf(is), linesOf(follows)];
  const at = want.findIndex((line, i) => line !== have[i]);
  if (at === -1) return `${have.length - want.length} lines too many`;
  if (at >= have.length) return `it ends after line ${have.length} of ${want.length}`;
  return `line ${at + 1}${name === resultFiles.csv ? columnOf(header(want), have[at] ?? "", want[at] ?? "") : ""}`;
}

function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString("utf8").split("\n");
}

function header([first = ""]: readonly string[]): string[] {
  return first.trimEnd().split(",");
}

/** Only where no cell before it holds a comma of its own. */
function columnOf(names: readonly string[], have: string, want: string): string {
  const [cells, expected] = [have.split(","), want.split(",")];
  const at = expected.findIndex((cell, i) => cell !== cells[i]);
  const before = expected.slice(0, at + 1).join("");
  if (at === -1 || before.includes('"') || names[at] === undefined) return "";
  return `, ${names[at]} is ${showValue(cells[at])} where ${showValue(expected[at])} follows`;
}
