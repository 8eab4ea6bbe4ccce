/** What is known of this machine: what was measured on it, and what is published of its like. */
import type { EngineBackend } from "../bench/backends.ts";
import type { RamBandwidth } from "../bench/ramBandwidth.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, unknownDatasheet, type Datasheet } from "./datasheet.ts";
import { isNameOf, publishedRows } from "./publishedRows.ts";
import type { MachineRoofs, SpeedSource } from "./speedSource.ts";

export interface Here {
  /** Made by `machineName`, not one of the user's own: `rtx-4090-24gb`. */
  readonly name: string;
  readonly backend: EngineBackend;
  /** GPUs in use. */
  readonly deviceCount: number;
  readonly measured: readonly CaseRecord[];
  readonly roofs?: MachineRoofs | null;
  /** Null or left out where nobody says. */
  readonly ram?: RamBandwidth | null;
}

/** @param published all that is published, of whatever machine. */
export function hereSource(
  { name, backend, deviceCount, measured, roofs = null, ram = null }: Here,
  machines: readonly DescribedMachine[],
  published: readonly CaseRecord[],
): SpeedSource {
  const like =
    backend === "cpu" ? undefined : machines.find((one) => isNameOf(one, name, one.backend));
  if (like === undefined || backend === "cpu") {
    const unknown = unknownDatasheet(backend, deviceCount);
    return { datasheet: sheetHere(unknown, ram), measured, published: [], roofs };
  }
  const gpu = { ...like.gpu, count: deviceCount };
  return {
    datasheet: sheetHere(datasheetOf({ ...like, backend, gpu }), ram),
    measured,
    published: publishedRows({ ...like, backend, gpu }, published),
    roofs,
  };
}

/**
 * RAM and slot beside a card are this box's own, whatever is described with such a card. What was measured of the RAM is no
 * maker's word: its reading stands among the roofs.
 */
function sheetHere(sheet: Datasheet, ram: RamBandwidth | null): Datasheet {
  const told = ram === null || ram.source === "measured" ? null : ram.gbps * 1e9;
  if (sheet.backend === "cpu") return { ...sheet, bandwidthBytesPerSecond: told };
  if (sheet.unified) return sheet;
  return { ...sheet, hostBandwidthBytesPerSecond: told, pcieBytesPerSecond: null };
}
