/** Speeds that others claim of machines that llmbench knows: what the memories can't give, or others have twice of. */
import { chipName } from "../machine/machineName.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, type Datasheet } from "./datasheet.ts";
import { decodeModel, type DecodeModel } from "./decodeModel.ts";
import { decodeDoubts, prefillDoubts, withoutPart, type SpeedDoubt } from "./plausibility.ts";
import { prefillModel, type PrefillModel } from "./prefillModel.ts";
import { buildOf, isRowOf, publishedRows } from "./publishedRows.ts";
import { cacheableBytes, timedDecode, timedPrefill } from "./rowWork.ts";
import type { SpeedRow } from "./speedRow.ts";

export interface Claim extends SpeedRow {
  readonly cpu_info: string | null;
  readonly gpu_info: string | null;
}

interface Models {
  readonly decode: DecodeModel | null;
  readonly prefill: PrefillModel | null;
}

/** Boards with four channels of RAM and more, beside which a described box's two say nothing. */
const manyChannels = /\b(?:epyc|xeon|threadripper)\b/i;

export class ClaimJudge {
  private readonly machines: readonly DescribedMachine[];
  private readonly published: readonly SpeedRow[];
  private readonly found = new Map<string, DescribedMachine | null>();
  private readonly models = new Map<string, Models>();

  constructor(machines: readonly DescribedMachine[], published: readonly SpeedRow[]) {
    this.machines = machines;
    this.published = published;
  }

  /** None of a machine that isn't described. */
  doubtsOf(row: Claim): SpeedDoubt[] {
    const machine = this.machineOf(row);
    if (machine === null || (row.weights_bytes ?? 0) < cacheableBytes) return [];
    const count = row.n_devices ?? machine.gpu.count;
    const here = { ...machine, gpu: { ...machine.gpu, count } };
    const decode = timedDecode(atBest(row));
    if (decode !== null) {
      const sheet = sheetOf(here, row);
      const work = sheet.unified ? decode.work : withOverflow(decode.work, here);
      const prediction = this.modelsOf(here, row, decode.part).decode?.predict(work) ?? null;
      return decodeDoubts(1 / decode.seconds, work, sheet, prediction);
    }
    const prefill = timedPrefill(row);
    // How several cards share a prompt differs from model to model.
    if (prefill === null || count > 1) return [];
    const model = this.modelsOf(here, row, prefill.part).prefill;
    // A datasheet's compute rate says too little of a prompt to doubt it.
    if (model === null || model.basis === "datasheet") return [];
    return prefillDoubts(row.avg_ts ?? 0, prefill.work, model.predict(prefill.work));
  }

  private machineOf({ machine, backend, gpu_info: gpu }: Claim): DescribedMachine | null {
    const key = JSON.stringify([machine, backend, gpu]);
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const chip = gpu === null ? null : chipName(gpu.split(", ")[0] ?? "");
    const called = (name: string) =>
      this.machines.find((one) => isRowOf({ machine: name, backend }, one));
    const found = called(machine) ?? (chip === null ? undefined : called(chip)) ?? null;
    this.found.set(key, found);
    return found;
  }

  private modelsOf(machine: DescribedMachine, row: Claim, part: string): Models {
    const key = JSON.stringify([machine.id, machine.gpu.count, part, buildOf(row)]);
    const known = this.models.get(key);
    if (known !== undefined) return known;
    const published = upTo(buildOf(row), publishedRows(machine, this.published));
    const source = withoutPart({ datasheet: datasheetOf(machine), measured: [], published }, part);
    const decode = decodeModel(source);
    const models = { decode, prefill: prefillModel(source, decode) };
    this.models.set(key, models);
    return models;
  }
}

/** What later builds reach, an old one didn't have to; all builds where its own isn't among them. */
function upTo(
  build: string,
  builds: readonly (readonly SpeedRow[])[],
): readonly (readonly SpeedRow[])[] {
  const own = builds.findIndex(([row]) => row !== undefined && buildOf(row) === build);
  return own === -1 ? builds : builds.slice(0, own + 1);
}

/** Where layers lie isn't always told: as if all were on the device, which is the fastest. */
function atBest(row: Claim): Claim {
  return row.n_gpu_layers !== null || row.n_layers === null
    ? row
    : { ...row, n_gpu_layers: row.n_layers + 1 };
}

/** What a card's memory can't hold lies beside it, whatever the claim says. */
function withOverflow<Work extends NonNullable<ReturnType<typeof timedDecode>>["work"]>(
  work: Work,
  { gpu }: DescribedMachine,
): Work {
  const overflow = work.weightsBytesRead + work.kvBytesRead - gpu.count * gpu.memoryBytes;
  return { ...work, hostBytes: Math.max(work.hostBytes ?? 0, overflow) };
}

function sheetOf(machine: DescribedMachine, { cpu_info: cpu }: Claim): Datasheet {
  const sheet = datasheetOf(machine);
  if (sheet.unified || cpu === null || !manyChannels.test(cpu)) return sheet;
  return { ...sheet, hostBandwidthBytesPerSecond: null };
}
