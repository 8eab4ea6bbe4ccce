/** A graphics card as the system sees it. */
export interface GraphicsCard {
  readonly vendor: "nvidia" | "amd" | "intel" | "apple" | "other";
  readonly name: string;
  readonly memoryBytes: number | null;
  readonly driver: string | null;
  /** Share of the last second in which it computed, in percent; null where the driver doesn't tell. */
  readonly busyPercent: number | null;
}
