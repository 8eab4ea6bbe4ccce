/** Where paired cases ran, as far as a table of them can't show it: tensors placed by name, and placements that nobody tells. */
import { heldOnHost } from "../../../bench/hostTensors.ts";
import { isMeasured } from "../../../bench/record.ts";
import { sideNames, type Pair, type PairSide } from "../../../compare/comparison.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { processorsOf } from "../../../compare/processors.ts";
import { listed } from "./phrases.ts";

/** A sentence each. */
export function placementNotes(pairs: readonly Pair[]): string[] {
  const placedByName = new Set<string>();
  const untold = new Set<string>();
  // One by one: a large comparison has hundreds of thousands of sides.
  for (const pair of pairs) {
    for (const name of sideNames) {
      const side = pair[name];
      if (!isMeasured(side.record)) continue;
      const processors = processorsOf(side.record);
      if (processors === null) untold.add(untoldText(side));
      if (side.record.settings.tensorOverrides === null || processors === "cpu") continue;
      const text = placedText(side, side.record.settings.tensorOverrides);
      if (text !== null) placedByName.add(text);
    }
  }
  return [
    ...sentence("Tensors placed by name", placedByName),
    ...sentence("Not told, whether all layers were on the GPU", untold),
  ];
}

function sentence(beginning: string, items: ReadonlySet<string>): string[] {
  return items.size === 0 ? [] : [`${beginning}: ${listed([...items])}.`];
}

/** `rtx has some of 20 of 48 layers of qwen3-30b-a3b q4_k_m on its CPU`; null where the GPU has all of each. */
function placedText({ record: { model }, machine }: PairSide, overrides: string): string | null {
  const { layers } = heldOnHost(overrides, model);
  if (layers === 0) return null;
  const of = model.nLayers === null ? "an unknown number of" : `${layers} of ${model.nLayers}`;
  return `${machine.label} has some of ${of} layers of ${modelName(model)} on its CPU`;
}

/** `newarch-6b q4_0 on box (30 of an unknown number)`. */
function untoldText({ record: { model, settings }, machine }: PairSide): string {
  const { gpuLayers } = settings;
  const asked = gpuLayers === null ? "" : ` (${gpuLayers} of an unknown number)`;
  return `${modelName(model)} on ${machine.label}${asked}`;
}
