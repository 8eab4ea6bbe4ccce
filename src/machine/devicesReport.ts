/** What `llmbench devices` says: this machine, what llama.cpp can use of it, and what stands in the way. */
import { deviceNotes, wayOut } from "./deviceAdvice.ts";
import type { BackendProblem } from "./gpuLibraries.ts";
import type { Graphics } from "./graphics.ts";
import type { MachineInfo } from "./machineInfo.ts";
import type { Noise } from "./noise.ts";
import { probedBudget, sharesHostMemory, type MemoryBudget } from "./memoryBudget.ts";
import type { EngineDevice, EngineInfo } from "../bench/engineInfo.ts";

export interface DevicesFacts {
  readonly machine: MachineInfo;
  /** Null where no build of llama.cpp loads. */
  readonly engine: EngineInfo | null;
  readonly graphics: Graphics;
  /** Of the engine's probe and of `gpuLibraryProblems`. */
  readonly problems: readonly BackendProblem[];
  /** As `devices --noise` measured it here; null where it did not. */
  readonly noise?: Noise | null | undefined;
  readonly gpuBudgetBytes?: number | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The JSON of `devices --json`. */
export interface DevicesReport {
  readonly machine: MachineInfo;
  readonly engine: EngineInfo | null;
  readonly devices: readonly (Omit<EngineDevice, "budget_bytes"> & {
    readonly budget_bytes: number | null;
  })[];
  readonly memory_kind: "discrete" | "unified" | "host";
  /** RAM that a model may fill; on unified memory the devices' share is in it. */
  readonly host_budget_bytes: number;
  readonly problems: readonly (BackendProblem & { readonly way_out: string | null })[];
  readonly notes: readonly string[];
  readonly noise: Noise | null;
}

function memoryKind(budget: MemoryBudget): DevicesReport["memory_kind"] {
  if (budget.devices.length === 0) return "host";
  return sharesHostMemory(budget) ? "unified" : "discrete";
}

export function describeDevices(facts: DevicesFacts): DevicesReport {
  const { machine, engine, graphics, problems } = facts;
  const advice = {
    platform: facts.platform ?? process.platform,
    backend: engine?.backend ?? null,
    devices: engine?.devices ?? [],
    graphics,
    environment: facts.environment ?? process.env,
  };
  const budget = probedBudget(
    machine,
    { backend: engine?.backend ?? "cpu", devices: advice.devices },
    facts.gpuBudgetBytes,
  );
  const budgetOf = new Map(budget.devices.map(({ name, budgetBytes }) => [name, budgetBytes]));
  return {
    machine,
    engine,
    devices: advice.devices.map((device) => ({
      ...device,
      budget_bytes: budgetOf.get(device.name) ?? null,
    })),
    memory_kind: memoryKind(budget),
    host_budget_bytes: budget.hostBytes,
    problems: problems.map((problem) => ({
      backend: problem.backend,
      message: problem.message,
      way_out: wayOut(problem, advice),
    })),
    notes: deviceNotes(advice),
    noise: facts.noise ?? null,
  };
}
