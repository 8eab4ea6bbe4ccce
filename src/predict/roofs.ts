/** What a machine's memory and arithmetic were measured to do, by device and type: the roof over what models can do on it. */
import type { CaseRecord } from "../bench/record.ts";
import { isMeasured } from "../bench/record.ts";
import { isOfMachine, type MachineWorkload } from "../bench/workload.ts";
import { isSpoiled } from "./spoiledRows.ts";

/** The CPU's name among devices. */
export const theHost = "host";

/** Where something is computed: a device by the engine's name, or the host with so many threads. */
export interface RoofPlace {
  readonly device: string;
  /** Null of a device, and where it isn't known. */
  readonly nThreads: number | null;
}

export interface Roof extends RoofPlace {
  readonly workload: MachineWorkload;
  /** In the workload's unit. */
  readonly value: number;
  /** Something held the machine back. */
  readonly spoiled: boolean;
}

export function roofsOfCases(records: readonly CaseRecord[]): readonly Roof[] {
  return records.flatMap((record) => roofOf(record) ?? []);
}

/** Null of cases that tell none. */
function roofOf(record: CaseRecord): Roof | null {
  const { workload, settings } = record;
  if (!isMeasured(record) || !isOfMachine(workload)) return null;
  // A mean over burst and throttling.
  if (record.summary.sustained !== null) return null;
  const device = settings.devices ?? theHost;
  const isHost = device === theHost || device === "none";
  return {
    workload,
    device: isHost ? theHost : device,
    nThreads: isHost ? settings.nThreads : null,
    value: record.summary.mean,
    spoiled: isSpoiled(record),
  };
}

/** A new one stands in the place of an old one, unless something held the machine back that didn't before. */
export function addRoofs(known: readonly Roof[], more: readonly Roof[]): readonly Roof[] {
  if (more.length === 0) return known;
  const all = new Map(known.map((roof) => [keyOf(roof), roof]));
  for (const roof of more) {
    const old = all.get(keyOf(roof));
    if (old === undefined || old.spoiled || !roof.spoiled) all.set(keyOf(roof), roof);
  }
  return [...all.values()];
}

/** What a run measured itself, and where it measured nothing of a type, what is known besides. */
export function roofsOfRun(own: readonly Roof[], known: readonly Roof[]): readonly Roof[] {
  const measured = new Set(own.map(subjectOf));
  return [...known.filter((roof) => !measured.has(subjectOf(roof))), ...own];
}

function keyOf(roof: Roof): string {
  const { workload } = roof;
  return JSON.stringify([subjectOf(roof), workload.kind === "matmul" ? workload.size : 0]);
}

/** Of products of any size. */
function subjectOf({ workload, device, nThreads }: Roof): string {
  const { kind } = workload;
  return JSON.stringify([kind, kind === "copy" ? "" : workload.type, device, nThreads]);
}

/** Amounts of work by the type of the weights that it is done with. */
export type ByType = ReadonlyMap<string, number>;

/** Types without a roof are taken at the pace of the others, where those are so large a part. */
const leastKnown = 0.9;

/** The roofs of one place. */
export class RoofsAt {
  /** Bytes per second. */
  private readonly reading = new Map<string, number>();
  /** Bytes per second, read and written together. */
  private readonly copying: number | null;
  /** Operations per second. */
  private readonly multiplying = new Map<string, number>();
  readonly spoiled: boolean;

  constructor(roofs: readonly Roof[], { device, nThreads }: RoofPlace) {
    const own = roofs.filter(
      (roof) =>
        roof.device === device &&
        (device !== theHost || nThreads === null || roof.nThreads === nThreads),
    );
    // Small ones first: the largest product fills a device best.
    const products = own.flatMap(({ workload, value }) =>
      workload.kind === "matmul" ? [{ ...workload, value }] : [],
    );
    for (const { type, value } of products.toSorted((a, b) => a.size - b.size))
      this.multiplying.set(type, value * 1e12);
    for (const { workload, value } of own)
      if (workload.kind === "read") this.reading.set(workload.type, value * 1e9);
    this.copying = own.find(({ workload }) => workload.kind === "copy")?.value ?? null;
    this.spoiled = own.some((roof) => roof.spoiled);
  }

  get tellsReading(): boolean {
    return this.reading.size > 0;
  }

  get tellsMultiplying(): boolean {
    return this.multiplying.size > 0;
  }

  /** Bytes per second that are read, of all types together: as fast as they are copied, where only that was measured. */
  get pace(): number | null {
    const bytes = 1e9;
    const seconds = this.readSecondsAbout(new Map([["", bytes]]));
    if (seconds !== null) return bytes / seconds;
    return this.copying === null ? null : this.copying * 1e9;
  }

  /** Seconds that weights of these bytes take to read; null where most of them are of types that nobody measured. */
  readSeconds(bytes: ByType): number | null {
    return secondsAt(this.reading, bytes);
  }

  /** The same of operations. */
  multiplySeconds(operations: ByType): number | null {
    return secondsAt(this.multiplying, operations);
  }

  /** The same whatever the types: of those that nobody measured, at the mean pace of all that were. */
  readSecondsAbout(bytes: ByType): number | null {
    return secondsAt(this.reading, bytes, 0) ?? atMean(this.reading, bytes);
  }

  multiplySecondsAbout(operations: ByType): number | null {
    return secondsAt(this.multiplying, operations, 0) ?? atMean(this.multiplying, operations);
  }
}

function secondsAt(
  rates: ReadonlyMap<string, number>,
  amounts: ByType,
  least = leastKnown,
): number | null {
  let [seconds, known, all] = [0, 0, 0];
  for (const [type, amount] of amounts) {
    const rate = rates.get(type.toLowerCase());
    all += amount;
    if (rate === undefined) continue;
    known += amount;
    seconds += amount / rate;
  }
  return known === 0 || known < least * all ? null : (seconds * all) / known;
}

function atMean(rates: ReadonlyMap<string, number>, amounts: ByType): number | null {
  if (rates.size === 0) return null;
  const slowness = [...rates.values()].reduce((sum, rate) => sum + 1 / rate, 0) / rates.size;
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0) * slowness;
}
