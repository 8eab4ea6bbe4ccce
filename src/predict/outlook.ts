/** What a machine would do with the models that people ask about, from nothing but what a run tells of it. */
import { enginePackage } from "../base/version.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import type { CaseRecord } from "../bench/record.ts";
import { hostTraits } from "../fit/hostTraits.ts";
import { judgeFit, type Fit } from "../fit/judgeFit.ts";
import { describedMemoryModel } from "../fit/memoryModel.ts";
import { usualFitSettings } from "../fit/memorySettings.ts";
import { typesOfMix } from "../gguf/tensorMix.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { machineName } from "../machine/machineName.ts";
import { probedBudget } from "../machine/memoryBudget.ts";
import { catalogue } from "../models/catalogue.ts";
import { catalogueMix } from "../models/catalogueMixes.ts";
import type { DecodePrediction } from "./decodeModel.ts";
import { hereSource } from "./hereSource.ts";
import { predictSpeed, speedModels } from "./predictSpeed.ts";
import { publishedResults } from "./publishedResults.ts";

/** Of Llama 2, whose sizes most published tables have. */
const asked = ["7b", "13b", "70b"] as const;
const quantization = "q4_0";

/** The context that the tests of the standard suite need. */
const settings = { ...usualFitSettings, nCtx: 640 };

export interface Outlook {
  /** `7b`. */
  readonly size: (typeof asked)[number];
  readonly fit: Fit;
  /** Of token generation; null where it doesn't run. */
  readonly speed: DecodePrediction | null;
}

interface RunMachine {
  readonly machine: MachineInfo;
  readonly engine: EngineInfo;
}

/** None where what was measured doesn't say how fast the machine is. */
export function outlookOf(
  { machine, engine }: RunMachine,
  cases: readonly CaseRecord[],
): Outlook[] {
  const measured = cases.filter(({ status }) => status === "measured");
  if (measured.length === 0 || engine.backend === null) return [];
  const onCpu = engine.backend === "cpu";
  const source = hereSource(
    {
      name: machineName({
        cpu: machine.cpu_info,
        ramBytes: machine.ram_bytes,
        gpus: engine.devices,
        gpuCores: machine.gpu_cores,
      }),
      backend: engine.backend,
      deviceCount: Math.max(1, gpuDevices(engine).length),
      measured,
    },
    // Nobody publishes what a CPU does.
    onCpu ? [] : loadMachines(),
    onCpu ? [] : publishedResults(),
  );
  const speed = speedModels(source);
  if (speed.decode === null) return [];
  const budget = probedBudget(machine, engine);
  const host = hostTraits(engine.system_info);
  return asked.flatMap((size): Outlook[] => {
    const shape = catalogue().find(size)?.shape;
    const mix = shape && catalogueMix({ shape, quantization, engineVersion: enginePackage() });
    const types = shape && mix ? typesOfMix(shape, mix) : null;
    if (shape === undefined || types === null) return [];
    const model = describedMemoryModel(shape, quantization, types);
    const { fit, nGpuLayers, placementFits } = judgeFit(model, settings, budget, {
      host,
      detail: "sampled",
    });
    const question = {
      ...settings,
      model,
      quantization,
      nGpuLayers,
      flashAttention: true,
      nPrompt: 512,
      nGen: 128,
      nDepth: 0,
    };
    const predicted = placementFits ? predictSpeed(question, speed) : null;
    return [{ size, fit, speed: predicted?.decode ?? null }];
  });
}
