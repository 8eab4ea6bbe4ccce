/** Speeds that others claim of machines that llmbench knows: what the memories can't give, or others have twice of. */
import { getOrMake } from "../base/getOrMake.ts";
import type { Backend } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";
import { chipName } from "../machine/machineName.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, type Datasheet } from "./datasheet.ts";
import { decodeModel, type DecodeModel } from "./decodeModel.ts";
import { decodeDoubts, prefillDoubts, withoutPart, type SpeedDoubt } from "./plausibility.ts";
import { prefillModel, type PrefillModel } from "./prefillModel.ts";
import { buildOf, machineOfRow, publishedRows } from "./publishedRows.ts";
import { cacheableBytes, speedOf, timedDecode, timedPrefill } from "./timedWork.ts";

interface Models {
  readonly decode: DecodeModel | null;
  readonly prefill: PrefillModel | null;
}

/** Boards with four channels of RAM and more, beside which a described box's two say nothing. */
const manyChannels = /\b(?:epyc|xeon|threadripper)\b/i;

export class ClaimJudge {
  private readonly machines: readonly DescribedMachine[];
  private readonly published: readonly CaseRecord[];
  private readonly found = new Map<string, DescribedMachine | null>();
  private readonly models = new Map<string, Models>();

  constructor(machines: readonly DescribedMachine[], published: readonly CaseRecord[]) {
    this.machines = machines;
    this.published = published;
  }

  /** None of a machine that isn't described. */
  doubtsOf(claim: CaseRecord): SpeedDoubt[] {
    const machine = this.machineOf(claim);
    if (machine === null || (claim.memory.weightsBytes ?? 0) < cacheableBytes) return [];
    const count = claim.machine.nDevices ?? machine.gpu.count;
    const here = { ...machine, gpu: { ...machine.gpu, count } };
    const decode = timedDecode(atBest(claim));
    if (decode !== null) {
      const sheet = sheetOf(here, claim);
      const work = sheet.unified ? decode.work : withOverflow(decode.work, here);
      const prediction = this.modelsOf(here, claim, decode.part).decode?.predict(work) ?? null;
      return decodeDoubts(1 / decode.seconds, work, sheet, prediction);
    }
    const prefill = timedPrefill(claim);
    // How several cards share a prompt differs from model to model.
    if (prefill === null || count > 1) return [];
    const model = this.modelsOf(here, claim, prefill.part).prefill;
    // A datasheet's compute rate says too little of a prompt to doubt it.
    if (model === null || model.basis === "datasheet") return [];
    return prefillDoubts(speedOf(claim) ?? 0, prefill.work, model.predict(prefill.work));
  }

  private machineOf({ machine, engine }: CaseRecord): DescribedMachine | null {
    const { name, gpu } = machine;
    const { backend } = engine;
    return getOrMake(this.found, JSON.stringify([name, backend, gpu]), () => {
      const chip = gpu === null ? null : chipName(gpu.split(", ")[0] ?? "");
      return this.called(name, backend) ?? (chip === null ? null : this.called(chip, backend));
    });
  }

  private called(name: string, backend: Backend | null): DescribedMachine | null {
    return machineOfRow(this.machines, name, backend);
  }

  private modelsOf(machine: DescribedMachine, claim: CaseRecord, part: string): Models {
    const key = JSON.stringify([machine.id, machine.gpu.count, part, buildOf(claim)]);
    return getOrMake(this.models, key, () => {
      const published = upTo(buildOf(claim), publishedRows(machine, this.published));
      const all = { datasheet: datasheetOf(machine), measured: [], published };
      const source = withoutPart(all, part);
      const decode = decodeModel(source);
      return { decode, prefill: prefillModel(source, decode) };
    });
  }
}

/** What later builds reach, an old one didn't have to; all builds where its own isn't among them. */
function upTo(
  build: string,
  builds: readonly (readonly CaseRecord[])[],
): readonly (readonly CaseRecord[])[] {
  const own = builds.findIndex(([first]) => first !== undefined && buildOf(first) === build);
  return own === -1 ? builds : builds.slice(0, own + 1);
}

/** Where layers lie isn't always told: as if all were on the device, which is the fastest. */
function atBest(claim: CaseRecord): CaseRecord {
  const { settings, model } = claim;
  return settings.gpuLayers !== null || model.nLayers === null
    ? claim
    : { ...claim, settings: { ...settings, gpuLayers: model.nLayers + 1 } };
}

/** What a card's memory can't hold lies beside it, whatever the claim says. */
function withOverflow<Work extends NonNullable<ReturnType<typeof timedDecode>>["work"]>(
  work: Work,
  { gpu }: DescribedMachine,
): Work {
  const overflow = work.weightsBytesRead + work.kvBytesRead - gpu.count * gpu.memoryBytes;
  return { ...work, hostBytes: Math.max(work.hostBytes ?? 0, overflow) };
}

function sheetOf(described: DescribedMachine, { machine: { cpu } }: CaseRecord): Datasheet {
  const sheet = datasheetOf(described);
  if (sheet.unified || cpu === null || !manyChannels.test(cpu)) return sheet;
  return { ...sheet, hostBandwidthBytesPerSecond: null };
}
