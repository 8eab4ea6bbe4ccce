/** How many elements of a cut dimension each device gets (llama_meta_device_get_split_state, src/llama-model.cpp, v0.4.0). */
import type { Segment } from "./segments.ts";

/**
 * What doesn't come out even goes to the last of the devices, and which one that is changes from layer to layer.
 *
 * @param proportions by device; all 0 for equal parts
 * @param rotation which device is the first
 */
export function cutShares(
  segments: readonly Segment[],
  proportions: readonly number[],
  rotation: number,
): number[] {
  const count = proportions.length;
  const deviceAt = (place: number) => (place + rotation) % count;
  const ends = runningSums(proportions.map((_, place) => proportions[deviceAt(place)] ?? 0));
  const all = ends.at(-1) ?? 0;
  const shares = Array<number>(count).fill(0);
  for (const { elements, times, step } of segments) {
    let start = 0;
    for (let place = 0; place < count; place++) {
      const cut =
        all === 0
          ? Math.floor((elements * (place + 1)) / count)
          : Math.trunc(Math.fround(Math.fround(Math.fround(elements) * (ends[place] ?? 0)) / all));
      const end = place === count - 1 ? elements : cut - (cut % step);
      shares[deviceAt(place)] = (shares[deviceAt(place)] ?? 0) + (end - start) * times;
      start = end;
    }
  }
  return shares;
}

/** In single precision, as llama.cpp reckons. */
function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum = Math.fround(sum + Math.fround(value))));
}
