/** Published rows with what their machine's maker says of it, as work and seconds. */
import type { CaseRecord } from "../bench/record.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, type Datasheet } from "./datasheet.ts";
import { beatsBandwidth } from "./decodeModel.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { isOldBuild } from "./llamaBuild.ts";
import { beatsCompute } from "./prefillModel.ts";
import type { PrefillWork } from "./prefillWork.ts";
import { machineOfRow } from "./publishedRows.ts";
import { isSpoiled } from "./spoiledRows.ts";
import { timedDecode, timedPrefill, type Timed } from "./timedWork.ts";

export interface Sample {
  readonly record: CaseRecord;
  /** The chip, however many of it and whatever memory beside: left out as one. */
  readonly machine: string;
  readonly datasheet: Datasheet;
  readonly isOld: boolean;
  readonly decode: Timed<DecodeWork> | null;
  readonly prefill: Timed<PrefillWork> | null;
}

/** Rows of machines that are described; what was held back, or can't be, is none. */
export function publishedSamples(
  published: readonly CaseRecord[],
  machines: readonly DescribedMachine[],
): Sample[] {
  const sheets = new Map<string, Datasheet | null>();
  return published.flatMap((record): Sample[] => {
    const { machine, engine } = record;
    const key = `${machine.name} ${engine.backend} ${machine.nDevices}`;
    const known = sheets.get(key);
    const datasheet = known === undefined ? sheetOf(record, machines) : known;
    sheets.set(key, datasheet);
    if (datasheet === null || isSpoiled(record)) return [];
    const decode = timedDecode(record);
    const prefill = timedPrefill(record);
    const isDoubted =
      (decode !== null && beatsBandwidth(1 / decode.seconds, decode.work, datasheet)) ||
      (prefill !== null && beatsCompute(prefill, datasheet));
    if ((decode === null && prefill === null) || isDoubted) return [];
    return [
      {
        record,
        machine: [datasheet.chip, datasheet.gpuCores ?? ""].join(" ").trim(),
        datasheet,
        isOld: isOldBuild(record),
        decode,
        prefill,
      },
    ];
  });
}

function sheetOf(
  { machine, engine }: CaseRecord,
  machines: readonly DescribedMachine[],
): Datasheet | null {
  if (engine.backend === "cpu") return null;
  const found = machineOfRow(machines, machine.name, engine.backend);
  return found === null ? null : { ...datasheetOf(found), deviceCount: machine.nDevices ?? 1 };
}
