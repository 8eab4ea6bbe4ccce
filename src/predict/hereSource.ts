/** What is known of this machine: what was measured on it, and what is published of its like. */
import type { EngineBackend } from "../bench/backends.ts";
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
}

/** @param published all that is published, of whatever machine. */
export function hereSource(
  { name, backend, deviceCount, measured, roofs = null }: Here,
  machines: readonly DescribedMachine[],
  published: readonly CaseRecord[],
): SpeedSource {
  const like =
    backend === "cpu" ? undefined : machines.find((one) => isNameOf(one, name, one.backend));
  if (like === undefined || backend === "cpu") {
    return { datasheet: unknownDatasheet(backend, deviceCount), measured, published: [], roofs };
  }
  const gpu = { ...like.gpu, count: deviceCount };
  return {
    datasheet: sheetHere(datasheetOf({ ...like, backend, gpu })),
    measured,
    published: publishedRows({ ...like, backend, gpu }, published),
    roofs,
  };
}

/** The RAM beside a card is this box's own, whatever is described with such a card. */
function sheetHere(sheet: Datasheet): Datasheet {
  return sheet.unified ? sheet : { ...sheet, hostBandwidthBytesPerSecond: null };
}
