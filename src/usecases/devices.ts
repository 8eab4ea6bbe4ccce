/** `llmbench devices`: what this machine has and lacks, and what is kept of earlier measurements on it. */
import { cacheFolder } from "../base/cacheFolder.ts";
import { count } from "../base/count.ts";
import { toType } from "../base/invocation.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import { ownDevices } from "../bench/lentDevices.ts";
import type { Engine } from "../engines/engine.ts";
import type { OwnValues } from "../engines/ownFlags.ts";
import { engineRow, type EngineName } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { describeDevices, type DevicesReport } from "../machine/devicesReport.ts";
import { gpuLibraryProblems, type BackendProblem } from "../machine/gpuLibraries.ts";
import { noGraphics, probeGraphics } from "../machine/graphics.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { noiseFolder, readNoise } from "../machine/noise.ts";
import { probeMachine } from "../machine/probe.ts";
import { forgetRoofsHere, roofsHereFolder } from "../predict/roofsHere.ts";
import { forgetRowsHere, rowsHereFolder } from "../predict/rowsHere.ts";
import type { Progress } from "../ui/progress.ts";
import { measureMachineNoise } from "./noise.ts";

export interface DevicesQuestion {
  readonly engine: EngineName;
  /** What is said with the engine's own flags. */
  readonly own: OwnValues;
  /** Forgets the speeds of earlier runs first. */
  readonly forgetSpeeds: boolean;
  /** Measures how much launches differ first. */
  readonly noise: boolean;
  readonly noLock: boolean;
  readonly progress: Progress;
}

/**
 * A machine where no engine loads is described too: that is when its owner asks.
 * @throws LlmbenchError `engine` where something is to be forgotten or measured, and no engine loads; others for what was
 * said with the engine's own flags and can't be had.
 */
export async function devicesHere(question: DevicesQuestion): Promise<DevicesReport> {
  const { noise, noLock, forgetSpeeds, progress } = question;
  const [probed, graphics, libraries] = await Promise.all([
    startEngine(question),
    // The slowest question, and the only one that a broken driver can fail.
    probeGraphics().catch(() => noGraphics),
    gpuLibraryProblems(),
  ]);
  const { engine } = probed;
  try {
    const told = engine === null ? [] : ownDevices(engine.facts);
    const machine = await probeMachine({ gpus: told.length === 0 ? undefined : told, graphics });
    if (forgetSpeeds) progress.line(await forget(machine, needed("--forget-speeds", probed).facts));
    if (noise)
      await measureMachineNoise({ engine: needed("--noise", probed), machine, progress, noLock });
    return describeDevices({
      machine,
      engine: engine?.facts ?? null,
      graphics,
      problems: [...probed.problems, ...libraries],
      noise: engine === null ? null : readNoise(noiseFolder(cacheFolder()), machine, engine.facts),
    });
  } finally {
    await engine?.close();
  }
}

interface Started {
  readonly engine: Engine | null;
  /** Why there is none. */
  readonly problems: readonly BackendProblem[];
}

/** What another machine that was named lacks is no problem of this one. */
async function startEngine({ engine, own }: DevicesQuestion): Promise<Started> {
  try {
    return { engine: await engineRow(engine).start({ device: "auto", own }), problems: [] };
  } catch (error) {
    if (!(error instanceof LlmbenchError) || error.code !== "engine") throw error;
    return { engine: null, problems: [{ backend: "cpu", message: error.message }] };
  }
}

/** @throws LlmbenchError `engine` where none loads. */
function needed(flag: string, { engine, problems }: Started): Engine {
  if (engine !== null) return engine;
  const why = problems.map(({ message }) => message).join("; ");
  throw new LlmbenchError("engine", `${flag}: ${why}; see ${toType("devices")}`);
}

/** What was forgotten, in words. */
async function forget(machine: MachineInfo, engine: EngineInfo): Promise<string> {
  const cache = cacheFolder();
  const rows =
    (await forgetRowsHere(rowsHereFolder(cache), machine, engine)) +
    (await forgetRoofsHere(roofsHereFolder(cache), machine, engine));
  return rows === 0
    ? "no speeds of earlier runs are kept here with this llama.cpp"
    : `forgotten: the speeds of ${count(rows, "case")} that earlier runs measured here with this llama.cpp`;
}
