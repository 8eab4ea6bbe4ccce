/** What a roof is measured with: tensors that lie filled on a device, and its backend, which goes through them. */
import type { MachineWorkload } from "../../../bench/workload.ts";
import type { Engine } from "../engine.ts";
import type { ThreadpoolRequest } from "../threadpool.ts";
import { Passes } from "./passes.ts";
import { openBackend, roofDevice, type RoofDevice } from "./roofDevice.ts";
import { layOut, type RoofWork } from "./roofWork.ts";

export interface RoofQuestion extends ThreadpoolRequest {
  readonly workload: MachineWorkload;
  /** llama.cpp's name of the device; null for the CPU. */
  readonly device: string | null;
  readonly seed: number;
}

export interface OpenRoof {
  readonly device: RoofDevice;
  readonly work: RoofWork;
  readonly passes: Passes;
  close(): void;
}

/** @throws {EngineFailure} */
export function openRoof(engine: Engine, question: RoofQuestion): OpenRoof {
  const device = roofDevice(engine, question.device);
  const work = layOut(engine, device, question.workload, question.seed);
  try {
    const backend = openBackend(engine, work.device, question);
    return {
      device,
      work,
      passes: new Passes(engine, backend.pointer, work.graph),
      close() {
        backend.close();
        work.free();
      },
    };
  } catch (error) {
    work.free();
    throw error;
  }
}
