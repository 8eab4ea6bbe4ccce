/** What was measured holds for this hardware with this engine, and for no other. */
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { MachineInfo } from "./machineInfo.ts";
import { soldMemoryGib } from "./memorySize.ts";

export type EngineIdentity = Pick<EngineInfo, "engine_version" | "build_commit" | "backend">;

/** The question that measurements are kept by. A machine's name is only a name, and no part of it. */
export function machineAndEngine(machine: MachineInfo, engine: EngineIdentity): object {
  const { cpu_info: cpu, gpu_info: gpu, gpu_cores: gpuCores, machine_model: model } = machine;
  const { engine_version: version, build_commit: commit, backend } = engine;
  const ramGib = soldMemoryGib(machine.ram_bytes);
  return { cpu, gpu, gpuCores, model, ramGib, version, commit, backend };
}
