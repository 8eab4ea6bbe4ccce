/** Clocks and sizes of a map, in words. */
import type { Clock } from "../../../../compare/sizes/clocks.ts";
import type { Stretch } from "../../../../compare/sizes/stretches.ts";
import { bytesPerGib, rangeText } from "../../words/phrases.ts";
import type { MeasuredCell } from "./measuredCells.ts";

export function clockTitle(clock: Clock): string {
  switch (clock.kind) {
    case "writing":
      return "Writing at that context";
    case "answer": {
      const { name, promptTokens, outputTokens } = clock.mix;
      const title = `${promptTokens} read, ${outputTokens} written`;
      return name === null ? title : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}: ${title}`;
    }
    default:
      return clock satisfies never;
  }
}

/** `2.00–14.6 GiB`. */
export function sizesText({ from, to }: Pick<Stretch, "from" | "to">): string {
  return `${rangeText({ low: from / bytesPerGib, high: to / bytesPerGib })} GiB`;
}

/** `measured, llama-3-8b q4_k_m with 640 tokens: rtx-4090`. @param machines how many are compared */
export function measuredText(
  { model, contextTokens, winner }: MeasuredCell,
  machines: number,
): string {
  const nobody = machines > 2 ? "none surely" : "neither surely";
  return `measured, ${model} with ${contextTokens} tokens: ${winner ?? nobody}`;
}
