/** A child process that has no model, and workloads of the machine alone that run in it. */
import type { DeviceList } from "../../bench/settings.ts";
import type { Workload } from "../../bench/workload.ts";
import { workNotDone } from "../child/failings.ts";
import { machineLaunch, noModel, ofMachine } from "../child/machineLaunch.ts";
import { EngineError } from "../engine.ts";
import type { EngineLaunch, ResolvedPlacement, RunRule, Session, Watch } from "../engine.ts";
import { ask } from "./ask.ts";
import { buffersByDevice } from "./buffersByDevice.ts";
import type { LoggedBuffer } from "./engineLog.ts";
import type { LlamaChild } from "./llamaChild.ts";
import { lostWorkLine } from "./memoryFailures.ts";
import type { RoofMeasured } from "./protocol.ts";
import { logTail } from "./toEngineError.ts";

export class RoofSession implements Session {
  readonly model = noModel;
  private readonly child: LlamaChild;
  private readonly placement: ResolvedPlacement;

  constructor(child: LlamaChild, placement: ResolvedPlacement) {
    this.child = child;
    this.placement = placement;
  }

  get alive(): boolean {
    return this.child.alive;
  }

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    const asked = ofMachine(workload);
    const { numa, priority, devices } = this.placement;
    const { nThreads, cpuMask, cpuStrict, poll } = rule.context;
    const { value, log } = await ask(
      this.child,
      {
        type: "roof",
        workload: asked,
        device: deviceOf(devices),
        numa,
        priority,
        nThreads,
        cpuMask,
        cpuStrict,
        poll,
        repetitions: rule.repetitions,
        warmup: rule.warmup,
        agreement: rule.agreement,
        delay: rule.delaySeconds,
        seed: rule.seed,
      },
      watch,
    );
    const lost = lostWorkLine(log);
    if (lost !== null) throw new EngineError(workNotDone, lost.trim(), logTail(log));
    const buffers = buffersByDevice(buffersOf(value));
    return machineLaunch(asked, value, { ownMs: value.cpu_ms, buffers });
  }

  close(): Promise<void> {
    return this.child.close();
  }
}

/** The plan names one; what is left to the engine is the CPU, where it sees nothing else. */
function deviceOf(devices: DeviceList): string | null {
  return devices === "auto" ? null : (devices[0] ?? null);
}

function buffersOf(told: RoofMeasured): LoggedBuffer[] {
  const { device, buffer_type: weightsIn, weights_bytes, compute_bytes } = told;
  const others = device === "host" ? "CPU" : device;
  const weights: LoggedBuffer[] =
    weightsIn === null ? [] : [{ name: weightsIn, use: "model", bytes: weights_bytes }];
  return [...weights, { name: others, use: "compute", bytes: compute_bytes }];
}
