/** Metal's working set: macOS's stock share of the RAM, and how far its owner can raise it. */

const mib = 2 ** 20;
const gib = 2 ** 30;

/** Left to macOS whatever the limit: 6 GiB or 15% of the RAM, the larger. Less, and the system itself starts to swap. */
const leastForSystemBytes = 6 * gib;
const leastForSystemShare = 0.15;

/** Headroom of a raised limit over what a case needs. */
const headroomShare = 0.05;

/**
 * The stock working set as macOS 13 to 15 give it: two thirds of the RAM below 36 GiB, three quarters from there on.
 * First-hand logs: 16 GiB 10923 MiB, 32 GiB 21845, 48 GiB 36864, 64 GiB 49152, 192 GiB 147456. Newer systems give
 * more (macOS 26: 107.52 of 128 GiB), so this is the careful figure; a probed machine states its own.
 */
export function stockWorkingSetBytes(ramBytes: number): number {
  const share = ramBytes >= 36 * gib ? 3 / 4 : 2 / 3;
  return Math.floor((ramBytes * share) / mib) * mib;
}

/** Whether a budget is no more than macOS gives by itself; where the RAM isn't known, that is taken for granted. */
export function isStockLimit(budgetBytes: number, ramBytes: number | null): boolean {
  return ramBytes === null || budgetBytes <= stockWorkingSetBytes(ramBytes);
}

export interface RaisedMetalLimit {
  readonly limitBytes: number;
  /** What the limit leaves to macOS and all other programs. */
  readonly leavesBytes: number;
  /** The line to type; macOS forgets it at the next start. */
  readonly command: string;
}

/** The highest limit that leaves macOS enough. */
export function highestMetalLimitBytes(ramBytes: number): number {
  const left = Math.max(leastForSystemBytes, ramBytes * leastForSystemShare);
  return Math.max(0, Math.floor((ramBytes - left) / mib) * mib);
}

/** A limit that holds `neededBytes`, in whole GiB where there is room; null where none leaves macOS enough. */
export function raisedMetalLimit(neededBytes: number, ramBytes: number): RaisedMetalLimit | null {
  const highest = highestMetalLimitBytes(ramBytes);
  if (neededBytes > highest) return null;
  const wanted = Math.ceil((neededBytes * (1 + headroomShare)) / gib) * gib;
  const limitBytes = Math.min(wanted, highest);
  return {
    limitBytes,
    leavesBytes: ramBytes - limitBytes,
    command: `sudo sysctl iogpu.wired_limit_mb=${limitBytes / mib}`,
  };
}
