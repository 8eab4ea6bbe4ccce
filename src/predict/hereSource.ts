/** What is known of this machine: its rows, and what is published of its like. */
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, unknownDatasheet, type Backend, type Datasheet } from "./datasheet.ts";
import { isRowOf, publishedRows } from "./publishedRows.ts";
import type { SpeedRow } from "./speedRow.ts";
import type { SpeedSource } from "./speedSource.ts";

export interface Here {
  /** Made by `machineName`, not one of the user's own: `rtx-4090-24gb`. */
  readonly name: string;
  readonly backend: Backend;
  /** GPUs in use. */
  readonly deviceCount: number;
  readonly measured: readonly SpeedRow[];
}

/** `published` are all rows there are, of whatever machine. */
export function hereSource(
  { name, backend, deviceCount, measured }: Here,
  machines: readonly DescribedMachine[],
  published: readonly SpeedRow[],
): SpeedSource {
  const like = backend === "cpu" ? undefined : machines.find((one) => isLike(one, name));
  if (like === undefined || backend === "cpu") {
    return { datasheet: unknownDatasheet(backend, deviceCount), measured, published: [] };
  }
  const gpu = { ...like.gpu, count: deviceCount };
  return {
    datasheet: sheetHere(datasheetOf({ ...like, backend, gpu })),
    measured,
    published: publishedRows({ ...like, backend, gpu }, published),
  };
}

function isLike(machine: DescribedMachine, name: string): boolean {
  return isRowOf({ machine: name, backend: machine.backend }, machine);
}

/** The RAM beside a card is this box's own, whatever is described with such a card. */
function sheetHere(sheet: Datasheet): Datasheet {
  return sheet.unified ? sheet : { ...sheet, hostBandwidthBytesPerSecond: null };
}
