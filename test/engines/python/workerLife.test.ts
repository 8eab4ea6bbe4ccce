import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { processStart, stillRuns } from "../../../src/base/processProbe.ts";
import { hasFramework, python } from "./pythons.ts";

const program = fileURLToPath(new URL("parent.mjs", import.meta.url));
const module = new URL("../../../dist/engines/python/pythonChild.js", import.meta.url).href;

/** The folder of uv, where tests have one. */
const { LLMBENCH_UV: uv } = process.env;
const hasMlx = hasFramework("mlx");

const viaUv = uv === undefined ? [] : ["uv"];

it.runIf(hasMlx).each([python ?? "", ...viaUv])(
  "a worker whose parent is killed in a step ends too, under %s",
  async (command) => {
    const env = { ...process.env, PATH: `${uv ?? ""}:${process.env["PATH"] ?? ""}` };
    const parent = spawn(process.execPath, [program, module, command], { env });
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const says = async () => ((await lines.next()) as { value: string }).value;
    const pid = Number(await says());
    const start = await processStart(pid);
    expect(await stillRuns(pid, start)).toBe(true);
    parent.kill("SIGKILL");
    while (await stillRuns(pid, start)) await sleep(20);
    expect(await stillRuns(pid, start)).toBe(false);
  },
);
