/** Everything that is known before anything is measured: machine, engine, cases. */
import { enginePackage } from "../base/version.ts";
import type { Engine } from "../engines/engine.ts";
import { openLlamaEngine } from "../engines/llamacpp/llamaEngine.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { probedBudget, totalGpuBudget, type MemoryBudget } from "../machine/memoryBudget.ts";
import { noiseFolder, readNoise } from "../machine/noise.ts";
import { probeMachine } from "../machine/probe.ts";
import { cacheFolder } from "../models/cacheFolder.ts";
import { askThrough } from "../models/syntheticAsk.ts";
import { hereSpeed } from "../plan/caseSpeed.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { planCases, type PlanContext } from "../plan/plan.ts";
import type { SpeedModels } from "../predict/predictSpeed.ts";
import type { RunSettings } from "../suite/settings.ts";
import { runOptions, type RunOptions } from "./runOptions.ts";

export interface PreparedRun {
  readonly options: RunOptions;
  readonly machine: MachineInfo;
  /** The machine's name by its parts, whatever the user calls it. */
  readonly machineKind: string;
  readonly engine: Engine;
  readonly budget: MemoryBudget;
  readonly gpuBudgetBytes: number | null;
  readonly cacheDir: string;
  /** What this machine's speeds are predicted from: as it was known before this run. */
  readonly speed: SpeedModels;
  readonly cases: readonly BenchCase[];
}

/** @throws {LlmbenchError} for whatever makes the run impossible: device, model, file, quantization. */
export async function prepareRun(settings: RunSettings, suite: string): Promise<PreparedRun> {
  const run = await prepare(runOptions(settings, suite), (context) => planCases(settings, context));
  const noise = readNoise(noiseFolder(run.cacheDir), run.machine, run.engine.info);
  return { ...run, options: { ...run.options, noise } };
}

export async function prepare(
  options: RunOptions,
  plan: (context: PlanContext) => Promise<readonly BenchCase[]>,
): Promise<PreparedRun> {
  const cacheDir = cacheFolder();
  const { engine, answers } = await openLlamaEngine(options.device, async (child, info) => {
    const probed = await probeMachine({ gpus: info.devices });
    const machine = { ...probed, name: options.machineName ?? probed.name };
    const budget = probedBudget(machine, info, options.gpuBudgetBytes ?? undefined);
    const speed = hereSpeed(probed, info, cacheDir);
    const cases = await plan({
      engine: info,
      budget,
      useCtx: options.useCtx,
      speed,
      defaultThreads: machine.default_threads,
      cacheDir,
      enginePackage: enginePackage(),
      ask: askThrough(child),
    });
    return { machine, machineKind: probed.name, budget, speed, cases };
  });
  return { options, engine, cacheDir, ...answers, gpuBudgetBytes: totalGpuBudget(answers.budget) };
}
