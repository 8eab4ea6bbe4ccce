/** A warning in words. */
import { warnings, type Warning } from "../bench/warnings.ts";

/** `drift (-4%): what it says; what to do`. A code of a later version says itself. */
export function explainWarning({ code, detail }: Warning): string {
  if (code === "other") return detail;
  const { says, advice } = warnings[code];
  return `${code}${detail === "" ? "" : ` (${detail})`}: ${says}; ${advice}`;
}
