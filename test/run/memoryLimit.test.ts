import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isMeasured } from "../../src/bench/record.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { cliFile } from "../cli/llmbench.ts";
import { hasFramework, python } from "../engines/python/pythons.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench memory "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** More than node takes for itself, twice, and less than the weights. */
const limitBytes = 450 * 2 ** 20;

/** 530 MB as F32. */
const large = `
id: half-a-gigabyte
name: Half a gigabyte
aliases: []
quantizations: [f32]
sources: []
shape:
  architecture: llama
  n_layers: 4
  n_embd: 1024
  n_ff: 4096
  n_heads: 8
  n_kv_heads: 8
  head_size: 128
  n_vocab: 32000
  n_ctx_train: 2048
  tied_embeddings: false
  norm_epsilon: 1.0e-5
  rope:
    freq_base: 10000
`;

/** A control group for memory that root may make: of version 1, or of version 2. */
function memoryGroup(): { path: string; limit: string } | string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  for (const [root, limit] of [
    ["/sys/fs/cgroup/memory", "memory.limit_in_bytes"],
    ["/sys/fs/cgroup", "memory.max"],
  ] as const) {
    const path = join(root, `llmbench-test-${process.pid}`);
    try {
      mkdirSync(path);
      writeFileSync(join(path, limit), String(limitBytes));
      return { path, limit };
    } catch {
      if (existsSync(path)) rmdirSync(path);
    }
  }
  return "no control group for memory can be made here";
}

const group = memoryGroup();
const reason = typeof group === "string" ? ` (skipped: ${group})` : "";

/** Runs llmbench within the group, from its first instruction on. */
function llmbenchWithin(path: string, args: readonly string[]): Promise<number | null> {
  const shell = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
  const command = ["-c", shell, path, process.execPath, cliFile, ...args];
  const run = spawn("/bin/sh", command, { stdio: "ignore" });
  return new Promise((resolve) => run.on("exit", resolve));
}

describe("a model that the kernel has no memory for", () => {
  afterAll(() => {
    if (typeof group !== "string") rmdirSync(group.path);
  });

  it.skipIf(typeof group === "string")(
    `is a row that says so, and the sweep goes on${reason}`,
    async () => {
      if (typeof group === "string") throw new Error(group);
      const model = join(folder, "half-a-gigabyte.yaml");
      writeFileSync(model, large);
      const directory = join(folder, "run");
      const flags = "-q f32 --load-mode none --force -p 8 -n 0 -r 1 --launches 1 -t 1 --device cpu";
      const named = ["-m", `${model},toy-4m`, "--output-dir", directory, "--no-lock"];
      const status = await llmbenchWithin(group.path, [...named, ...flags.split(" ")]);
      expect(status).toBe(0);
      const { cases } = await readJournal(join(directory, "results.jsonl"));
      expect(
        cases.map((one) => [one.status, isMeasured(one) ? undefined : one.reason.code]),
      ).toEqual([
        ["does_not_fit", "measured_oom"],
        ["measured", undefined],
      ]);
    },
  );

  it.skipIf(typeof group === "string" || !hasFramework("mlx"))(
    `is a row that says so where it is trained, and the sweep goes on${reason}`,
    async () => {
      if (typeof group === "string") throw new Error(group);
      const directory = join(folder, "training");
      const flags =
        "--engine mlx --device cpu -m toy-124m,toy-4m --train 16x1 --precision f32 --force -r 1 --no-lock";
      const named = ["--python", python ?? "", "--output-dir", directory];
      const status = await llmbenchWithin(group.path, [...flags.split(" "), ...named]);
      expect(status).toBe(0);
      const { cases } = await readJournal(join(directory, "results.jsonl"));
      expect(
        cases.map((one) => [one.model.id, isMeasured(one) ? undefined : one.reason.code]),
      ).toEqual([
        ["toy-124m", "measured_oom"],
        ["toy-4m", undefined],
      ]);
    },
  );
});
