/** Which published rows speak of a described machine, and in which order their llama.cpp builds came. */
import { getOrMake } from "../base/getOrMake.ts";
import { groupBy } from "../base/groupBy.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import type { SpeedRow } from "./speedRow.ts";

/** The rows of one llama.cpp build each, oldest first: what `SpeedSource` asks for. */
export function publishedRows<Row extends SpeedRow>(
  machine: DescribedMachine,
  rows: readonly Row[],
): (readonly Row[])[] {
  // A few names stand in thousands of rows.
  const known = new Map<string, boolean>();
  const ofCards = (count: number) =>
    rows.filter(
      (row) =>
        hasCards(row, count) &&
        getOrMake(known, `${row.backend} ${row.machine}`, () => isRowOf(row, machine)),
    );
  const own = ofCards(machine.gpu.count);
  // Layers that are split over several cards run one card after the other: one card's rows tell of the others.
  const chosen = own.length > 0 ? own : ofCards(1);
  return [...groupBy(chosen, buildOf)].map(([, build]) => build).sort((a, b) => age(a) - age(b));
}

function hasCards({ n_devices, split_mode }: SpeedRow, count: number): boolean {
  // Splits by row go over the bus for each layer, and are another machine in this respect.
  return (n_devices ?? 1) === count && (count === 1 || split_mode === "layer");
}

/** Whether a row is of such a machine, with however many of its cards. */
export function isRowOf(
  { machine, backend }: Pick<SpeedRow, "machine" | "backend">,
  { id, aliases, unified, backend: own }: DescribedMachine,
): boolean {
  if (backend !== own) return false;
  const label = withoutCount(machine);
  return [id, ...aliases].map(withoutCount).some((name) => {
    if (name === label) return true;
    // Memory's size doesn't change a Mac's speed; cards of two sizes may have two bandwidths.
    const labelTellsMemory = withoutMemory(label) !== label;
    return (unified || !labelTellsMemory) && withoutMemory(name) === withoutMemory(label);
  });
}

/** `2x-rtx-4090-24gb`, and `rtx-4090-vulkan` of the scoreboards: count and backend stand in columns of their own. */
function withoutCount(name: string): string {
  return name.replace(/^\d+x-/, "").replace(/-vulkan$/, "");
}

function withoutMemory(name: string): string {
  return name.replace(/-\d+gb$/, "");
}

/** Rows of one build are compared with each other. */
export function buildOf({ engine_version, build_commit }: SpeedRow): string {
  return engine_version ?? (build_commit === null ? "unknown" : "scoreboard");
}

/** Tables without a build number: llama.cpp's of Apple's chips, whose rows name none, ran build 1550 (November 2023). */
const appleTableBuild = 1550;

/** llama.cpp's build number. Those that give a commit alone are the scoreboards of 2025, kept up to date. */
function age([row]: readonly SpeedRow[]): number {
  const build = /^b(\d+)$/.exec(row?.engine_version ?? "")?.[1];
  if (build !== undefined) return Number(build);
  return row?.build_commit == null ? appleTableBuild : Number.POSITIVE_INFINITY;
}
