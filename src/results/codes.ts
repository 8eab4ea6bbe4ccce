/** Codes and flags as the contract's cells have them: `code: detail`, and 1 or 0. */
import type { CaseRecord } from "../bench/record.ts";
import {
  reasonCodes,
  type FailureCode,
  type OomCode,
  type Reason,
  type ReasonCode,
  type SkipCode,
  type Status,
} from "../bench/statuses.ts";
import { warnings, type Warning, type WarningCode } from "../bench/warnings.ts";

interface Coded<Code extends string> {
  readonly code: Code | "other";
  readonly detail: string;
}

/**
 * A text that isn't one of the codes, or one and `: ` and more, is somebody else's, and stays as it is: what was read is
 * written again to the letter.
 */
function coded<Code extends string>(
  text: string,
  isCode: (word: string) => word is Code,
): Coded<Code> {
  const [, word = "", detail = ""] = /^(\w+)(?:: (.+))?$/s.exec(text) ?? [];
  return isCode(word) ? { code: word, detail } : { code: "other", detail: text };
}

function codedText({ code, detail }: Coded<string>): string {
  if (code === "other") return detail;
  return detail === "" ? code : `${code}: ${detail}`;
}

export const warningText: (warning: Warning) => string = codedText;

export function warningOf(text: string): Warning {
  return coded(text, (word): word is WarningCode => Object.hasOwn(warnings, word));
}

/** Null of a case that was measured, and where nothing is said. */
export function reasonCell(record: CaseRecord): string | null {
  if (record.status === "measured") return null;
  const cell = codedText(record.reason);
  return cell === "" ? null : cell;
}

interface CodesOf {
  readonly does_not_fit: OomCode;
  readonly failed: FailureCode;
  readonly skipped: SkipCode;
}

/** What the cell says of a case that ended so: only codes of that status count. */
export function reasonOf<Ended extends Exclude<Status, "measured">>(
  status: Ended,
  cell: string | null,
): Reason<CodesOf[Ended]> {
  const codes: readonly ReasonCode[] = reasonCodes[status];
  return coded(cell ?? "", (word): word is CodesOf[Ended] => codes.some((code) => code === word));
}

export function flagCell(flag: boolean | null): number | null {
  return flag === null ? null : Number(flag);
}

export function flagOf(cell: number | null): boolean | null {
  return cell === null ? null : cell !== 0;
}
