import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { llamaCpp } from "../../src/engines/llamacpp/row.ts";
import { keepNoise, noiseFolder, readNoise } from "../../src/machine/noise.ts";
import { probeMachine } from "../../src/machine/probe.ts";
import { measureNoise } from "../../src/run/measureNoise.ts";
import { toyWeights } from "../engines/toyWeights.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-noise-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a machine's noise", async () => {
  const engine = await llamaCpp.start({ device: "cpu", own: {} });
  afterAll(() => engine.close());
  const done: number[] = [];
  const work = { model: "toy-4m q4_0", nPrompt: 16, nGen: 4, threads: 1, launches: 2 };
  const noise = await measureNoise(
    engine,
    { ...work, path: await toyWeights() },
    new AbortController().signal,
    (launch) => done.push(launch),
  );

  it("is the spread of launches, of prompts and of generation", () => {
    expect(noise).toMatchObject({ launches: 2, measured_on: "toy-4m q4_0, pp16 and tg4" });
    expect(noise.prompt_sd).toBeGreaterThan(0);
    expect(noise.generation_sd).toBeGreaterThan(0);
    expect(done).toEqual([1, 2]);
  });

  it("is kept for this machine and this engine, and no other", async () => {
    const cache = noiseFolder(folder);
    const machine = await probeMachine();
    expect(readNoise(cache, machine, engine.facts)).toBeNull();
    await keepNoise(cache, machine, engine.facts, noise);
    expect(readNoise(cache, machine, engine.facts)).toEqual(noise);
    const hotter = { ...machine, cpu_info: "another" };
    expect(readNoise(cache, hotter, engine.facts)).toBeNull();
    expect(readNoise(cache, machine, { ...engine.facts, build_commit: "another" })).toBeNull();
    // What the kernel keeps for itself changes from update to update.
    expect(
      readNoise(cache, { ...machine, ram_bytes: machine.ram_bytes - 4096 }, engine.facts),
    ).toEqual(noise);
  });
});
