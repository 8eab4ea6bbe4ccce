/** What the flags of training take. */
import type { ValueKind } from "../flags/valueKinds.ts";
import { maxInt32 } from "../flags/ranges.ts";

/** A training step: tokens of each sequence, and sequences. */
export interface StepSize {
  readonly sequence: number;
  readonly batch: number;
}

/** `512x4`. */
export function stepSize(): ValueKind<StepSize> {
  return {
    expected: "tokens of a sequence and sequences of a step such as 512x4",
    argument: "SEQxBATCH",
    commaSeparates: true,
    json: { type: "string", pattern: "^\\s*[1-9]\\d*\\s*[xX×]\\s*[1-9]\\d*\\s*$" },
    read(value) {
      const text = typeof value === "string" ? value.trim() : "";
      const match = /^([1-9]\d*)\s*[x×]\s*([1-9]\d*)$/iu.exec(text);
      const [sequence, batch] = [Number(match?.[1]), Number(match?.[2])];
      return sequence * batch <= maxInt32 ? [{ sequence, batch }] : undefined;
    },
  };
}

/** Values of `--precision` that are number formats, and no share of the mean. */
export function ofPrecisions(text: string): string | null {
  return /^\s*[a-z]/iu.test(text) ? "precisions" : null;
}

/** Values of `--precisions` that are a share of the mean. */
export function ofShares(text: string): string | null {
  return /^\s*[\d.]/u.test(text) ? "precision" : null;
}
