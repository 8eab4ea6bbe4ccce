/** Programs that measure in bursts, through the worker that goes on with llmbench's own passes. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { BurstProgram } from "../../../scripts/bench/burstProgram.mjs";
import { usualContext, usualPlacement } from "../../../src/bench/settings.ts";
import { matmulOf, readOf, type MachineWorkload } from "../../../src/bench/workload.ts";
import { llamaCpp } from "../../../src/engines/llamacpp/row.ts";

const worker = fileURLToPath(new URL("../../../scripts/bench/roofWorker.mjs", import.meta.url));

async function found() {
  const engine = await llamaCpp.start({ device: "cpu", own: {} });
  await engine.close();
  return engine.facts;
}

async function start(workload: MachineWorkload): Promise<BurstProgram> {
  const question = { workload, device: null, seed: 1, nThreads: 1, ...usualContext };
  const asked = {
    found: await found(),
    question: { ...question, priority: usualPlacement.priority },
  };
  return new BurstProgram({ program: process.execPath, args: [worker, JSON.stringify(asked)] });
}

it("a burst tells what a pass takes by the clock and of the processor, each time it is asked", async () => {
  const program = await start(matmulOf(256, "q4_0"));
  await program.ready();
  for (const seconds of [0.01, 0.02]) {
    const { wall, processor } = await program.burst(seconds);
    expect(wall).toBeGreaterThan(0);
    expect(processor).toBeGreaterThan(0);
  }
  await program.close();
}, 180_000);

it("a program that can't measure is named, with what it said", async () => {
  const program = await start(readOf("q9_9"));
  await expect(program.ready()).rejects.toThrow(/ended with 1:[^]*no matrices of type q9_9/);
  await program.close();
}, 180_000);
