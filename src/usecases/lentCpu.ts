/**
 * What a CPU that is lent can do. llama.cpp's server keeps weights in the layout that they come in, where a run on the CPU
 * itself lays them out anew, so that neither rows nor roofs of this machine tell of it: it is measured once, when the first
 * one asks.
 */
import { join } from "node:path";
import { mean } from "simple-statistics";
import { cacheFolder } from "../base/cacheFolder.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import { cpuDevice } from "../bench/lentDevices.ts";
import { noReadings } from "../bench/readings.ts";
import { ownValues } from "../bench/metrics.ts";
import { warmupAgreement } from "../bench/repetitions.ts";
import { usualContext } from "../bench/settings.ts";
import { isOfMachine, workloadNamed, type MachineWorkload } from "../bench/workload.ts";
import {
  EngineError,
  wholeModel,
  type RunRule,
  type Session,
  type Watch,
} from "../engines/engine.ts";
import { usualEngine, withEngine } from "../engines/registry.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { addRoofs, theHost, type Roof } from "../predict/roofs.ts";
import { readRoofsHere, writeRoofsHere } from "../predict/roofsHere.ts";

/** Of the types that most files are made of; others are taken at their mean pace. */
const tests = [
  ...["q4_0", "q4_k", "q6_k", "q8_0"].map((type) => `read ${type}`),
  ...["q4_0", "q4_k"].map((type) => `matmul1024 ${type}`),
].flatMap((test) => {
  const workload = workloadNamed(test);
  return workload !== null && isOfMachine(workload) ? [workload] : [];
});

function lentRoofsFolder(): string {
  return join(cacheFolder(), "roofs-lent");
}

interface RoofsAsk {
  readonly nThreads: number;
  readonly signal: AbortSignal;
  /** Told before it takes some seconds. */
  readonly say: (text: string) => void;
}

/**
 * @returns none where it can't be measured
 * @throws {Interrupted}
 */
export async function lentCpuRoofs(
  machine: MachineInfo,
  engine: EngineInfo,
  { nThreads, signal, say }: RoofsAsk,
): Promise<readonly Roof[]> {
  const kept = readRoofsHere(lentRoofsFolder(), machine, engine);
  const here = kept.filter((roof) => roof.nThreads === nThreads);
  if (here.length > 0) return here;
  say("measuring what this CPU can do, once, for predictions: some seconds");
  const measured = await measure(nThreads, signal);
  await writeRoofsHere(lentRoofsFolder(), machine, engine, addRoofs(kept, measured));
  return measured;
}

async function measure(nThreads: number, signal: AbortSignal): Promise<Roof[]> {
  const watch: Watch = {
    onPhase: () => {},
    onSample: () => {},
    timeoutSeconds: 60,
    signal,
  };
  // As a device that is named it keeps weights as they come.
  const placement = { ...wholeModel, devices: [cpuDevice] };
  return withEngine({ engine: usualEngine, device: "cpu" }, async (engine) => {
    const session = await engine.open({ model: null, placement }, watch);
    const roofs: Roof[] = [];
    try {
      for (const workload of tests) {
        const value = await paceOf(session, workload, nThreads, watch);
        const place = { device: theHost, nThreads, spoiled: false };
        if (value !== null) roofs.push({ ...place, workload, value });
      }
    } finally {
      await session.close();
    }
    return roofs;
  });
}

/** At the pace of the processor's own time: what else runs while it is measured takes nothing from it. Null where it doesn't work. */
async function paceOf(
  session: Session,
  workload: MachineWorkload,
  nThreads: number,
  watch: Watch,
): Promise<number | null> {
  const rule: RunRule = {
    context: { ...usualContext, nThreads },
    repetitions: 2,
    warmup: "llama-bench",
    agreement: warmupAgreement,
    delaySeconds: 0,
    seed: 1,
    mostSeconds: 10,
  };
  try {
    const { times, readings } = await session.run(workload, rule, watch);
    const launch = {
      ...times,
      kind: "timed" as const,
      number: 1,
      readings: { ...noReadings, ...readings },
    };
    const values = ownValues(launch, workload) ?? [];
    if (values.length === 0) return null;
    const { cpuMs = null } = readings;
    const wallMs = mean(times.samplesNs) / 1e6;
    const waited = cpuMs === null ? 1 : Math.max(1, (wallMs * nThreads) / cpuMs);
    return mean(values) * waited;
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}
