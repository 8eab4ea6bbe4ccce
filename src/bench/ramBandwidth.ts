/** How fast a machine's main memory is, and who says so. */

/** Strongest first: its user, what was measured on it, the description of its chip. */
export const ramSources = ["given", "measured", "described"] as const;
export type RamSource = (typeof ramSources)[number];

export interface RamBandwidth {
  /** 10^9 bytes a second. */
  readonly gbps: number;
  readonly source: RamSource;
}
