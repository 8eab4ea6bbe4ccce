/** Which published rows speak of a described machine, and in which order their llama.cpp builds came. */
import { getOrMake } from "../base/getOrMake.ts";
import { groupBy } from "../base/groupBy.ts";
import { describedBackendOf, type Backend } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { backendInName, hasBackend, underBackend } from "../machine/otherBackend.ts";
import { buildNumberOf } from "./llamaBuild.ts";

/** The rows of one llama.cpp build each, oldest first: what `SpeedSource` asks for. */
export function publishedRows(
  machine: DescribedMachine,
  published: readonly CaseRecord[],
): (readonly CaseRecord[])[] {
  const listings = getOrMake(listed, published, () => listingsOf(published));
  const named = listings.filter(({ name, backend }) => isNameOf(machine, name, backend));
  const ofCards = (count: number) => rowsIn(named.filter(({ cards }) => cards === count));
  const own = ofCards(machine.gpu.count);
  // Layers that are split over several cards run one card after the other: one card's rows tell of the others.
  const chosen = own.length > 0 ? own : ofCards(1);
  return inTurn(chosen);
}

/** Rows of one machine on one backend: a few names stand in thousands of rows, and each machine asks for its own. */
interface Listing {
  readonly name: string;
  readonly backend: Backend | null;
  /** Null for several that don't share the layers. */
  readonly cards: number | null;
  readonly rows: readonly PlacedRow[];
}

interface PlacedRow {
  readonly record: CaseRecord;
  /** Among all. */
  readonly at: number;
}

const listed = new WeakMap<readonly CaseRecord[], readonly Listing[]>();

function listingsOf(published: readonly CaseRecord[]): Listing[] {
  const placed = published.map((record, at): PlacedRow => ({ record, at }));
  const groups = groupBy(placed, ({ record }) => {
    const { machine, engine } = record;
    return `${engine.backend} ${cardsOf(record)} ${machine.name}`;
  });
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const { machine, engine } = first.record;
    const { name } = machine;
    return [{ name, backend: engine.backend, cards: cardsOf(first.record), rows }];
  });
}

/** In the order in which they were published. */
function rowsIn(listings: readonly Listing[]): CaseRecord[] {
  const rows = listings.flatMap((listing) => listing.rows);
  if (listings.length > 1) rows.sort((a, b) => a.at - b.at);
  return rows.map(({ record }) => record);
}

/** The rows of one llama.cpp build each, oldest first. */
export function inTurn(rows: readonly CaseRecord[]): (readonly CaseRecord[])[] {
  return [...groupBy(rows, buildOf)].map(([, build]) => build).sort((a, b) => age(a) - age(b));
}

/** Of rows build by build those that were there when a row was measured: what later builds reach, it didn't have to. */
export function notNewer(
  builds: readonly (readonly CaseRecord[])[],
  row: CaseRecord,
): (readonly CaseRecord[])[] {
  return builds.filter((build) => age(build) <= age([row]));
}

function cardsOf({ machine, settings }: CaseRecord): number | null {
  const count = machine.nDevices ?? 1;
  // Splits by row go over the bus for each layer, and are another machine in this respect.
  return count === 1 || settings.splitMode === "layer" ? count : null;
}

/** Whether a result calls such a machine so, with however many of its cards. */
export function isNameOf(
  { id, aliases, unified, backend: own }: DescribedMachine,
  name: string,
  backend: Backend | null,
): boolean {
  if (backend !== own) return false;
  const label = withoutCount(name);
  return [id, ...aliases].map(withoutCount).some((known) => {
    if (known === label) return true;
    // Memory's size doesn't change a Mac's speed; cards of two sizes may have two bandwidths.
    const labelTellsMemory = withoutMemory(label) !== label;
    return (unified || !labelTellsMemory) && withoutMemory(known) === withoutMemory(label);
  });
}

/** The described machine that a row calls so, under the row's backend where its GPU has that too; null for none. */
export function machineOfRow(
  machines: readonly DescribedMachine[],
  name: string,
  backend: Backend | null,
): DescribedMachine | null {
  const own = machines.find((one) => isNameOf(one, name, backend));
  const described = describedBackendOf(backend);
  if (own !== undefined || described === null) return own ?? null;
  const like = machines.find(
    (one) => hasBackend(one, described) && isNameOf(one, name, one.backend),
  );
  return like === undefined ? null : underBackend(like, described);
}

/** `2x-rtx-4090-24gb`, `rtx-4090-vulkan`: count and backend stand in columns of their own. */
function withoutCount(name: string): string {
  const own = name.replace(/^\d+x-/, "");
  return backendInName(own)?.name ?? own;
}

function withoutMemory(name: string): string {
  return name.replace(/-\d+gb$/, "");
}

/** Rows of one build are compared with each other. */
export function buildOf({ engine }: CaseRecord): string {
  return engine.version ?? (engine.commit === null ? "unknown" : "scoreboard");
}

/** llama.cpp's build number; what names neither it nor a commit comes before all that do, and a commit alone is the latest. */
function age([record]: readonly CaseRecord[]): number {
  if (record === undefined) return 0;
  const unknown = record.engine.commit === null ? 0 : Number.POSITIVE_INFINITY;
  return buildNumberOf(record) ?? unknown;
}
