/** What a machine's memory and arithmetic were measured to do, by device and type: the roof over what models can do on it. */
import type { CaseRecord } from "../bench/record.ts";
import { isMeasured } from "../bench/record.ts";
import { isOfMachine, type MachineWorkload } from "../bench/workload.ts";
import { isSpoiled } from "./spoiledRows.ts";
import { TypeRates, type ByType } from "./typeRates.ts";

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

/** The roofs of one place. */
export class RoofsAt {
  /** Bytes per second. */
  private readonly reading = new TypeRates();
  /** Bytes per second, read and written together. */
  private readonly copying: number | null;
  /** Operations per second. */
  private readonly multiplying = new TypeRates();

  constructor(roofs: readonly Roof[], { device, nThreads }: RoofPlace) {
    const own = roofs.filter(
      (roof) =>
        roof.device === device &&
        (device !== theHost || nThreads === null || roof.nThreads === nThreads),
    );
    // The largest product fills a device best, and stands at last; one that was held back gives way to any other.
    const products = own
      .flatMap(({ workload, value, spoiled }) =>
        workload.kind === "matmul" ? [{ ...workload, value, spoiled }] : [],
      )
      .toSorted((a, b) => Number(b.spoiled) - Number(a.spoiled) || a.size - b.size);
    for (const { type, value, spoiled } of products)
      this.multiplying.set(type, { perSecond: value * 1e12, spoiled });
    for (const { workload, value, spoiled } of own)
      if (workload.kind === "read")
        this.reading.set(workload.type, { perSecond: value * 1e9, spoiled });
    this.copying = own.find(({ workload }) => workload.kind === "copy")?.value ?? null;
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
    return this.reading.seconds(bytes);
  }

  /** The same of operations. */
  multiplySeconds(operations: ByType): number | null {
    return this.multiplying.seconds(operations);
  }

  /** The same whatever the types: of those that nobody measured, at the mean pace of all that were. */
  readSecondsAbout(bytes: ByType): number | null {
    return this.reading.secondsAbout(bytes);
  }

  multiplySecondsAbout(operations: ByType): number | null {
    return this.multiplying.secondsAbout(operations);
  }

  /** Whether something held the machine back when reading of these types was measured. */
  readsSpoiled(bytes: ByType): boolean {
    return this.reading.isSpoiled(bytes);
  }

  multipliesSpoiled(operations: ByType): boolean {
    return this.multiplying.isSpoiled(operations);
  }
}
