/** What stands in place of a speed where there is none, and why. */
import type { ReasonCode, ReportedCase } from "../results/caseResult.ts";
import { formatSpeedWithSpread, plain } from "./format.ts";

const statusWords = {
  measured: "no speed",
  does_not_fit: "does not fit",
  failed: "failed",
  skipped: "skipped",
} satisfies Record<ReportedCase["status"], string>;

/** Failures that have a word of their own. */
const reasonWords: Partial<Record<ReasonCode, string>> = {
  crashed: "crashed",
  timed_out: "timed out",
  work_not_done: "work not done",
  model_changed: "model changed",
};

interface Reason {
  /** Empty where the reason doesn't begin with one. */
  readonly code: string;
  readonly detail: string;
}

/** `code: detail`, taken apart. */
function reasonParts(reason: string | null): Reason {
  const [, code = "", detail = ""] = /^(\w+)(?::\s*|$)(.*)$/s.exec(reason ?? "") ?? [];
  return code === "" ? { code, detail: reason ?? "" } : { code, detail };
}

type Ended = Pick<ReportedCase, "status" | "reason">;
type Explained = Ended & Pick<ReportedCase, "fit" | "device_bytes_predicted" | "gpu_budget_bytes">;

/** `does not fit`, `crashed`. */
function word({ status, reason }: Ended): string {
  const words: Readonly<Record<string, string>> = status === "failed" ? reasonWords : {};
  const { code } = reasonParts(reason);
  return Object.hasOwn(words, code) ? (words[code] ?? "") : statusWords[status];
}

/** `66.31 ± 0.31`, or the word for what happened instead. */
export function outcome(result: Ended & Pick<ReportedCase, "avg_ts" | "stddev_ts">): string {
  return result.status === "measured" && result.avg_ts !== null
    ? formatSpeedWithSpread(result.avg_ts, result.stddev_ts)
    : word(result);
}

/** What the row's `fit` said of a case that ran out of memory, if anything. */
function predictionWords({
  fit,
  device_bytes_predicted: predicted,
  gpu_budget_bytes: budget,
}: Explained): string {
  if (fit === null) return "";
  // Of layers that were asked for and don't fit, `fit` tells what others would.
  const within = predicted === null || budget === null || predicted <= budget;
  return fit !== "none" && within ? ", predicted to fit" : ", as predicted";
}

/**
 * `does not fit: needs 38.60 GiB, the budget is 24.00 GiB (predicted_oom)`,
 * `out of memory when tried, predicted to fit: … (measured_oom)`.
 */
export function reasonText(result: Explained): string {
  const { code, detail } = reasonParts(result.reason);
  const said =
    code === ("measured_oom" satisfies ReasonCode)
      ? `out of memory when tried${predictionWords(result)}`
      : word(result);
  const text = detail === "" ? said : `${said}: ${detail}`;
  return plain(code === "" || said === code.replaceAll("_", " ") ? text : `${text} (${code})`);
}
