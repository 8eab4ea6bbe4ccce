/** What memory pressure did meanwhile: swap and compression. */
import type { Conditions } from "../bench/conditions.ts";
import { linuxSwapping, macSwapping, type Swapping } from "../machine/swapping.ts";
import { extreme, growth } from "./change.ts";
import type { Meter } from "./meter.ts";

export type MemoryPressure = Pick<
  Conditions,
  "swap_used_bytes" | "swapped_in_bytes" | "swapped_out_bytes" | "compressed_bytes"
>;

export const memoryMeter: Meter<MemoryPressure> = {
  async start() {
    const before = await read();
    return async () => between(before, await read());
  },
};

const noSwapping: Swapping = {
  usedBytes: null,
  readBytes: null,
  writtenBytes: null,
  compressedBytes: null,
};

async function read(): Promise<Swapping> {
  if (process.platform === "linux") return linuxSwapping();
  return process.platform === "darwin" ? macSwapping() : noSwapping;
}

/** The most that stood in swap, and what moved. */
export function between(before: Swapping, after: Swapping): MemoryPressure {
  return {
    swap_used_bytes: extreme(Math.max, before.usedBytes, after.usedBytes),
    swapped_in_bytes: growth(before.readBytes, after.readBytes),
    swapped_out_bytes: growth(before.writtenBytes, after.writtenBytes),
    compressed_bytes: growth(before.compressedBytes, after.compressedBytes),
  };
}
