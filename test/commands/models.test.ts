import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ListedModel } from "../../src/usecases/modelList.ts";
import { llmbench } from "../cli/llmbench.ts";

const cache = mkdtempSync(join(tmpdir(), "llmbench models "));
const run = (...args: string[]) => llmbench(args, { LLMBENCH_CACHE: cache });

const listed = () => JSON.parse(run("models", "--json").stdout) as ListedModel[];

afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe("llmbench models", () => {
  it("gives each quantization the size that llama.cpp prints for it", () => {
    const sizes = Object.fromEntries(
      listed().flatMap(({ id, quantizations }) =>
        quantizations.map(({ quantization, weights_bytes }) => [
          `${id} ${quantization}`,
          (weights_bytes / 2 ** 20).toFixed(2),
        ]),
      ),
    );
    expect(sizes).toMatchObject({
      "llama-2-70b q4_0": "37070.73",
      "llama-2-70b q4_k_m": "39503.23",
      "llama-2-7b q4_k_m": "3891.24",
    });
  });

  it("has a line for each model, with its aliases", () => {
    const { status, stdout, stderr } = run("models");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toHaveLength(listed().length + 1);
    expect(stdout).toMatch(/^llama-2-70b +70b, .*36\.20 GiB/m);
  });

  it("lists every quantization of a model that is named, smallest first", () => {
    const { stdout } = run("models", "toy-4m");
    const sizes = [...stdout.matchAll(/^\w+ +([\d.]+) MiB/gm)].map(([, size]) => Number(size));
    expect(sizes).toHaveLength(31);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });

  it("refuses a model that there isn't", () => {
    const { status, stderr } = run("models", "toy-5m");
    expect(status).toBe(2);
    expect(stderr).toContain('unknown model "toy-5m" (did you mean toy-4m?)');
  });
});

describe("the cache", () => {
  it("is listed and emptied of what llmbench made, and of nothing else", () => {
    const file = join(cache, "synthetic", "mine.gguf");
    expect(run("models", "--cached").stdout).toContain("no synthetic weights in");
    run("synth", "-m", "toy-4m", "-o", file);
    expect(run("models", "--cached").stdout).toMatch(
      /toy-4m +q4_0 +2\.\d\d MiB .*mine\.gguf\n1 file,/,
    );
    expect(run("models", "--empty-cache").stdout).toMatch(/^removed 1 file, 2\.\d\d MiB, from /);
    expect(readdirSync(join(cache, "synthetic"))).toEqual([]);
  });
});
