import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunLine } from "../../src/results/journalLines.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import type { RunEvent } from "../../src/run/events.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import type { BenchOutcome } from "../../src/usecases/bench.ts";
import { toyWeights } from "../engines/toyWeights.ts";
import { benchHere, planHere } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench resume "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whole = join(folder, "whole");
await benchHere({
  models: ["toy-4m"],
  quantizations: ["q4_0", "f16"],
  nPrompt: [8],
  nGen: [4],
  repetitions: 1,
  launches: 2,
  warmup: "llama-bench",
  device: "cpu",
  nThreads: [1],
  outputDir: whole,
});

type CaseLine = JournalRow & { type: "case" };
type Line = RunLine | CaseLine | { type: "launch" | "resume" };

const lines = readFileSync(join(whole, "results.jsonl"), "utf8").trimEnd().split("\n");
const parsed = lines.map((line) => JSON.parse(line) as Line);
const ofType = (type: Line["type"]) => lines.filter((_, index) => parsed[index]?.type === type);
const [runText = ""] = ofType("run");
const caseTexts = ofType("case");
const launchTexts = ofType("launch");

/** A folder whose journal holds these lines. */
function journal(name: string, texts: readonly string[], tail = ""): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  writeFileSync(join(directory, "results.jsonl"), texts.map((text) => `${text}\n`).join("") + tail);
  return directory;
}

function journalText(directory: string): string {
  return readFileSync(join(directory, "results.jsonl"), "utf8");
}

function failed(text: string, status: string, reason: string): string {
  return JSON.stringify({ ...(JSON.parse(text) as CaseLine), status, reason, model_type: null });
}

/** Goes on with a run; answers what came of it and which launches were measured. */
async function resume(
  directory: string,
  retryFailed = false,
): Promise<{ outcome: BenchOutcome; measured: string[] }> {
  const measured: string[] = [];
  const note = (event: RunEvent) => {
    if (event.type !== "case") return;
    measured.push(`${event.case.id} ${event.launch}`);
  };
  const outcome = await benchHere({ resume: directory, retryFailed }, { onEvent: note });
  return { outcome, measured };
}

const prepareAgain = (directory: string, retryFailed = false) =>
  planHere({ resume: directory, retryFailed });

const ids = (JSON.parse(runText) as RunLine).plan.map((one) => one.case_id);

describe("a run that is resumed", () => {
  it("measures only what is missing, launch by launch, and touches no line that stood", async () => {
    const [launch = ""] = launchTexts.slice(2, 3);
    const kept = [runText, ...caseTexts.slice(0, 2), launch];
    const directory = journal("missing", kept, caseTexts[2]?.slice(0, 200));
    const { outcome, measured } = await resume(directory);
    expect(measured).toEqual([`${ids[3]} 1`, `${ids[2]} 2`, `${ids[3]} 2`]);
    expect(outcome.results.map(({ id, status }) => [id, status])).toEqual(
      ids.map((id) => [id, "measured"]),
    );
    expect(journalText(directory).startsWith(`${kept.join("\n")}\n{"type":"resume"`)).toBe(true);
    const { result } = JSON.parse(launch) as { result: JournalRow };
    const launches = outcome.results.map(rowOf)[2]?.launch_results;
    expect(launches).toHaveLength(2);
    expect(launches?.[0]).toEqual(result.launch_results[0]);
  });

  it("takes a file that was named as it is, also one of llmbench's own making", async () => {
    const named = { models: [await toyWeights()], nPrompt: [8], nGen: [4], repetitions: 1 };
    const from = join(folder, "named");
    await benchHere({ ...named, device: "cpu", nThreads: [1], outputDir: from });
    const [plan = "", ...rest] = readFileSync(join(from, "results.jsonl"), "utf8").split("\n");
    const done = rest.filter((line) => line.startsWith('{"type":"case"')).slice(0, 1);
    const { outcome } = await resume(journal("named again", [plan, ...done]));
    expect(outcome.results.map(({ status, model }) => [status, model.weights])).toEqual([
      ["measured", "synthetic"],
      ["measured", "synthetic"],
    ]);
  });

  it("measures failed cases again only where that is asked for; of two lines the last wins", async () => {
    const [first = "", ...others] = caseTexts;
    const crashed = failed(first, "failed", "crashed: the engine's process ended by SIGKILL");
    const directory = journal("failed", [runText, crashed, ...others]);
    const { earlier } = await prepareAgain(directory);
    expect(earlier.done.get(ids[0] ?? "")?.status).toBe("failed");
    const { outcome, measured } = await resume(directory, true);
    expect(measured).toEqual([`${ids[0]} 1`, `${ids[0]} 2`]);
    expect(outcome.results.map(({ status }) => status)).toEqual(ids.map(() => "measured"));
    const again = await prepareAgain(directory, true);
    expect(again.earlier.done.size).toBe(4);
  });

  it("knows still what did not fit: a larger quantization is not tried", async () => {
    const misfits = caseTexts
      .slice(0, 2)
      .map((text) => failed(text, "does_not_fit", "measured_oom: no"));
    const { outcome, measured } = await resume(journal("misfit", [runText, ...misfits]));
    expect(measured).toEqual([]);
    expect(outcome.results.map((one) => rowOf(one).reason?.split(":")[0])).toEqual([
      "measured_oom",
      "measured_oom",
      "larger_than_misfit",
      "larger_than_misfit",
    ]);
  });
});

describe("a run is not resumed", () => {
  it("with synthetic weights of another recipe", async () => {
    const texts = runText
      .replaceAll(/"case_id":"[^"]+"/gu, '"case_id":"0"')
      .replaceAll(/"weights_identity":"[^"]+"/gu, '"weights_identity":"0"');
    const directory = journal("recipe", [texts]);
    await expect(prepareAgain(directory)).rejects.toThrow(
      /toy-4m q4_0: its synthetic weights are made by another recipe/u,
    );
  });

  it("that never wrote its plan: it can be started anew in the same folder", async () => {
    const directory = journal("empty", []);
    await expect(prepareAgain(directory)).rejects.toThrow("--output-dir");
    const anew: GivenFlags = { models: ["toy-4m"], nPrompt: [8], nGen: [0], device: "cpu" };
    const stopped = { signal: AbortSignal.abort() };
    const outcome = await benchHere({ ...anew, outputDir: directory }, stopped);
    expect(outcome.interrupted).toBe(true);
  });

  it("where no journal is", async () => {
    await expect(prepareAgain(join(folder, "nothing here"))).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("nothing here"),
    });
  });
});
