import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testName } from "../../src/bench/workload.ts";
import { recordOf } from "../../src/results/recordOf.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { lineRowOf } from "../../src/results/rowOf.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { benchHere } from "../usecases/inProcess.ts";

const [generated, repetitions, launches] = [8, 3, 2];
const tokens = generated * repetitions * launches;

const directory = join(temporaryFolder(), "run");
const { results } = await benchHere({
  models: ["toy-4m"],
  quantizations: ["q4_0"],
  nPrompt: [8],
  nGen: [generated],
  pg: [{ nPrompt: 8, nGen: generated }],
  repetitions,
  launches,
  device: "cpu",
  nThreads: [1],
  outputDir: directory,
});
const written = readFileSync(join(directory, "results.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as { readonly type: string } & JournalRow)
  .filter(({ type }) => type === "case");

function tokenMsOf(test: string) {
  const record = results.find(({ workload }) => testName(workload) === test);
  if (record?.status !== "measured") throw new Error(`${test} was not measured`);
  return record.summary.tokenMs;
}

const lineOf = (name: string) => written.find(({ test }) => test === name);

describe("percentiles of single tokens' times", () => {
  it("are told of generation, over all launches, as far as enough tokens were seen", () => {
    const { p50, p90, p99 } = tokenMsOf(`tg${generated}`);
    expect(p50).toBeGreaterThan(0);
    expect(p90).toBeGreaterThanOrEqual(p50 ?? Infinity);
    // Of 48 tokens the slowest says little of the slowest hundredth.
    expect(p99).toBeNull();
    const totalMs =
      (lineOf(`tg${generated}`)?.samples_ns ?? []).reduce((sum, ns) => sum + ns, 0) / 1e6;
    // Half of the tokens took that long at least; each is off by 0.1% at most.
    expect(((p50 ?? 0) * tokens) / 2).toBeLessThan(totalMs * 1.002);
  });

  it("are told of nothing else: beside a prompt the first token waits for it", () => {
    const none = { p50: null, p90: null, p99: null };
    expect(tokenMsOf("pp8")).toEqual(none);
    expect(tokenMsOf(`pp8+tg${generated}`)).toEqual(none);
  });

  it("stand in the journal, with the times that they follow from", () => {
    const line = lineOf(`tg${generated}`);
    const { p50, p90 } = tokenMsOf(`tg${generated}`);
    expect(line).toMatchObject({ token_p50_ms: p50, token_p90_ms: p90, token_p99_ms: null });
    const counted = line?.launch_results.map(({ token_ns: times = [] }) =>
      times.reduce((sum, [, count]) => sum + count, 0),
    );
    expect(counted).toEqual([generated * repetitions, generated * repetitions]);
    expect(lineOf("pp8")).toMatchObject({ token_p50_ms: null, token_p90_ms: null });
    expect(lineOf("pp8")?.launch_results.some((launch) => "token_ns" in launch)).toBe(false);
  });

  it("are read back as they were written", () => {
    for (const { type: _, ...row } of written) expect(lineRowOf(recordOf(row))).toEqual(row);
  });
});
