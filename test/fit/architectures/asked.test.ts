import { afterAll, describe, expect, it } from "vitest";
import { writeArchitecture } from "../../../scripts/bench/architectures.mjs";
import { askMemoryOf } from "../../../src/engines/llamacpp/askMemoryOf.ts";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import { temporaryFolder } from "../../gguf/temporaryFolder.ts";
import { plainSettings } from "../sparseModel.ts";
import { answers } from "./headers.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;
const printedMib = 0.01;

const child = new LlamaChild("cpu");
afterAll(async () => child.close());

const settings = { ...plainSettings, nCtx: 4096, flashAttn: "auto" } as const;

describe("llama.cpp tells caches and compute buffers of a file with nothing allocated", () => {
  it.each(answers)("of $file", async ({ file, kvMib, stateMib, computeMib }) => {
    const path = writeArchitecture(folder, file);
    const told = await askMemoryOf(child, { path, ...settings }, { allocate: false });
    expect(Math.abs(told.kvBytes / mib - kvMib)).toBeLessThanOrEqual(printedMib);
    expect(Math.abs(told.stateBytes / mib - stateMib)).toBeLessThanOrEqual(printedMib);
    const computeBytes = told.byPlace.get("host")?.computeBytes ?? 0;
    expect(Math.abs(computeBytes / mib - computeMib)).toBeLessThanOrEqual(0.02 * computeMib);
  });
});
