/** What other boxes bring to a machine, in a sentence or two. */
import { mean } from "simple-statistics";
import { count } from "../../../base/count.ts";
import type { MeasuredRecord } from "../../../bench/record.ts";
import { works } from "../../../compare/headline/bothHold.ts";
import type { Boxes } from "../../../compare/headline/boxes.ts";
import type { ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import { plain, threeDigits } from "../../format.ts";
import { workVerbs } from "./heldByAll.ts";
import { listed, rangeText } from "./phrases.ts";

export function boxesSentence(boxes: Boxes): string {
  return [bothSentence(boxes), moreSentence(boxes)].filter((one) => one !== null).join(" ");
}

/** `mac with 1 more machine writes 0.53 and reads 0.48–0.61 times as fast as alone: llama-3-8b q4_k_m.` */
function bothSentence({ alone, lenders, both }: Boxes): string | null {
  if (both === null) return null;
  const parts = works.flatMap((work) => {
    const gain = both.gains[work];
    return gain === null ? [] : [`${workVerbs[work]} ${rangeText(gain)}`];
  });
  const others = count(lenders, "more machine");
  return `${plain(alone.label)} with ${others} ${parts.join(" and ")} times as fast as alone: ${listed(both.models, 3)}${openWords(both)}.`;
}

/** A difference is one where the spread says so. */
function openWords({ tests, open }: NonNullable<Boxes["both"]>): string {
  if (open === 0) return "";
  const some = tests === 1 ? "" : ` in ${open} of ${count(tests, "test")}`;
  return `; the intervals overlap${some}, and more repetitions would tell`;
}

/** `Only mac+mac runs llama-3-70b q8_0: writes 5.21 t/s; the largest that mac ran alone is llama-3-8b q8_0: writes 40.2 t/s.` */
function moreSentence({ alone, together, more }: Boxes): string | null {
  if (more === null) return null;
  const { model, beside } = more;
  const largest =
    beside === null
      ? `${plain(alone.label)} alone ran none`
      : `the largest that ${plain(alone.label)} ran alone is ${beside.name}: ${speedsOf(beside)}`;
  return `Only ${plain(together.label)} runs ${model.name}: ${speedsOf(model)}; ${largest}.`;
}

/** Means over its tests: `writes 5.21 and reads 48.0 t/s`. */
function speedsOf({ generations, prompts }: ModelOnMachine): string {
  const records = { generate: generations, prompt: prompts };
  const parts = works.flatMap((work) => {
    const own: readonly MeasuredRecord[] = records[work];
    if (own.length === 0) return [];
    return [`${workVerbs[work]} ${threeDigits(mean(own.map(({ summary }) => summary.mean)))}`];
  });
  return `${parts.join(" and ")} t/s`;
}
