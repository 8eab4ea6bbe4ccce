/** A framework in Python as an engine: a worker that says what is here, and one for each session. */
import { toType } from "../../base/invocation.ts";
import type { DeviceChoice } from "../../bench/backends.ts";
import type { DeviceList } from "../../bench/settings.ts";
import type { EngineInfo } from "../../bench/engineInfo.ts";
import { LlmbenchError } from "../../errors.ts";
import { decoderShape, otherFormOf, type DecoderShape } from "../../gguf/decoderShape.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import { ChildFailure } from "../child/childFailure.ts";
import { askChild, logTail } from "../child/engineErrors.ts";
import {
  EngineError,
  Interrupted,
  type Engine,
  type EngineTraits,
  type Session,
  type Target,
  type Watch,
} from "../engine.ts";
import { findPython } from "./findPython.ts";
import type { PythonAsk } from "./flags.ts";
import { frameworks, type FrameworkName } from "./frameworks.ts";
import { MachineSession } from "./machineSession.ts";
import type { WorkerFacts } from "./protocol.ts";
import { PythonChild, type WorkerProgram } from "./pythonChild.ts";
import { TrainingSession } from "./trainingSession.ts";
import { workerWords } from "./words.ts";

export interface PythonStart extends PythonAsk {
  readonly name: FrameworkName;
  readonly traits: EngineTraits;
  readonly device: DeviceChoice;
  /** Nothing is downloaded for it. */
  readonly offline?: boolean;
  /** Of tests: the script that is run as the worker. */
  readonly script?: string;
}

/** @throws as EngineRow.start does. */
export async function startPython({
  name,
  traits,
  device,
  python,
  compile,
  offline = false,
  script,
}: PythonStart): Promise<Engine> {
  refuseFallback();
  const program: WorkerProgram = {
    python: await findPython(frameworks[name], python, { offline }),
    framework: name,
    device,
    ...(script === undefined ? {} : { script }),
  };
  const child = new PythonChild(program);
  try {
    const facts = factsOf(name, await probe(child, device));
    return new PythonEngine({ traits, facts, program, compile }, child);
  } catch (error) {
    await child.close();
    throw error;
  }
}

/** What MPS lacks would be computed by the processor then, and the row would name the GPU. */
function refuseFallback(): void {
  const { PYTORCH_ENABLE_MPS_FALLBACK: fallback = "0" } = process.env;
  if (fallback === "0" || fallback === "") return;
  throw new LlmbenchError(
    "engine",
    "PYTORCH_ENABLE_MPS_FALLBACK is set: what the GPU lacks would run on the CPU, unseen; unset it",
  );
}

async function probe(child: PythonChild, device: DeviceChoice): Promise<WorkerFacts> {
  try {
    return (await child.request({ type: "probe" })).value;
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    if (error.failure.kind === "aborted") throw new Interrupted("interrupted");
    const said = error.failure.kind === "refused" ? null : logTail(error.log, workerWords).at(-1);
    const why = said === null || said === undefined ? error.message : `${error.message}: ${said}`;
    const see = `see "${toType("devices")}"`;
    const wayOut = device === "auto" ? see : `${see}, or use --device auto`;
    throw new LlmbenchError("engine", `${why}; ${wayOut}`, { cause: error });
  }
}

function factsOf(name: FrameworkName, told: WorkerFacts): EngineInfo {
  return {
    engine: name,
    engine_version: told.version,
    build_commit: told.commit,
    build_number: null,
    package: null,
    backend: told.backend,
    devices: told.devices,
    system_info: `Python ${told.python} | ${told.system_info}`,
    libraries: [],
  };
}

interface Started {
  readonly traits: EngineTraits;
  readonly facts: EngineInfo;
  readonly program: WorkerProgram;
  readonly compile: boolean;
}

class PythonEngine implements Engine {
  private readonly started: Started;
  /** The one that was asked what is here: importing a framework takes seconds, so the first session takes it over. */
  private idle: PythonChild | null;

  constructor(started: Started, idle: PythonChild) {
    this.started = started;
    this.idle = idle;
  }

  get traits(): EngineTraits {
    return this.started.traits;
  }

  get facts(): EngineInfo {
    return this.started.facts;
  }

  async open(target: Target, watch: Watch): Promise<Session> {
    const shape = target.model === null ? null : this.trained(target.model, target.shape ?? null);
    const child = await this.workerFor(target.placement.devices);
    try {
      watch.onPhase({ kind: "load" });
      await askChild(() => child.request({ type: "probe" }, watch), workerWords);
      const { compile } = this.started;
      return shape === null
        ? new MachineSession(child)
        : new TrainingSession(child, shape, { compile });
    } catch (error) {
      await child.close();
      throw error;
    }
  }

  private trained(model: string, shape: ModelShape | null): DecoderShape {
    const { engine } = this.facts;
    if (shape === null) throw refused(`${model} has no shape that ${engine} could train`);
    const other = otherFormOf(shape);
    if (other === null) return decoderShape(shape);
    throw refused(`${engine} trains decoders of Llama's form, and ${model} has ${other}`);
  }

  /** The one that waits, where it is on the devices that are asked for. */
  private async workerFor(devices: DeviceList): Promise<PythonChild> {
    const { program, facts } = this.started;
    const onCpu = devices !== "auto" && devices.length === 0 && facts.backend !== "cpu";
    const { idle } = this;
    this.idle = null;
    if (!onCpu && idle?.alive === true) return idle;
    await idle?.close();
    return new PythonChild(onCpu ? { ...program, device: "cpu" } : program);
  }

  rest(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    const { idle } = this;
    this.idle = null;
    await idle?.close();
  }
}

function refused(message: string): EngineError {
  return new EngineError({ status: "failed", code: "engine_error" }, message, []);
}
