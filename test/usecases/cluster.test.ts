import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../src/bench/record.ts";
import { canServe, lend, servingProcesses, type Lent } from "../engines/llamacpp/rpc/lent.ts";
import { relayTo } from "../engines/llamacpp/rpc/relay.ts";
import { benchHere } from "./inProcess.ts";
import { writeReports } from "../../src/reporters/writeReports.ts";
import { defaults } from "../compare/rows.ts";
import { compareFiles } from "../../src/usecases/compareFiles.ts";
import { summaryOf } from "../../src/bench/record.ts";

async function folder(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "llmbench-cluster-")), "run");
}

function namesOf(records: readonly CaseRecord[]): string[] {
  return records.map(({ machine, status }) => `${machine.name.split("+").length} ${status}`);
}

describe.runIf(canServe)("a run with --rpc", async () => {
  const first = canServe ? await lend() : (null as unknown as Lent);
  const second = canServe ? await lend() : (null as unknown as Lent);
  const asked = {
    models: ["toy-4m"],
    quantizations: ["q4_0" as const],
    nPrompt: [16],
    nGen: [8],
    repetitions: 2,
    nThreads: [1],
    launches: 1,
    warmup: "llama-bench" as const,
    rpc: `127.0.0.1:${first?.port},127.0.0.1:${second?.port}`,
  };

  /** A run that stopped after its first result. */
  const begun = async () => {
    const outputDir = await folder();
    const stop = new AbortController();
    await benchHere(
      { ...asked, outputDir },
      {
        signal: stop.signal,
        onEvent: ({ type }) => type === "result" && stop.abort(),
      },
    );
    return outputDir;
  };
  const beside = (...others: readonly Pick<Lent, "port">[]) =>
    [first, ...others].map(({ port }) => `127.0.0.1:${port}`).join(",");

  it("measures all machines, this one alone beside them, and says what went over the link", async () => {
    const outputDir = await folder();
    const { results } = await benchHere({ ...asked, outputDir });
    expect(namesOf(results)).toEqual(["3 measured", "3 measured", "1 measured", "1 measured"]);
    const [together, , alone] = results;
    expect(together?.machine.servers).toBe("another-box (loopback); another-box (loopback)");
    expect(together && summaryOf(together)?.readings).toMatchObject({
      linkMs: expect.any(Number) as number,
      linkGbps: expect.any(Number) as number,
      rpcTurns: expect.any(Number) as number,
    });
    expect(alone?.machine).toMatchObject({ servers: null, nDevices: 0 });
    expect(alone?.settings.devices).toBeNull();

    await writeReports(outputDir);
    for (const file of ["results.csv", "report.md", "report.html"]) {
      const text = await readFile(join(outputDir, file), "utf8");
      expect(text).not.toContain(`:${first.port}`);
    }
    const { comparison } = await compareFiles([outputDir], defaults);
    expect(comparison.machines).toHaveLength(2);
    expect(comparison.pairs).toHaveLength(2);
    // Naming what this machine has anyway is no other setting.
    expect(comparison.pairs.flatMap(({ differences }) => differences)).toEqual([]);
  });

  it("leaves this machine alone out where it is told to", async () => {
    const { results } = await benchHere({ ...asked, noBaseline: true, outputDir: await folder() });
    expect(namesOf(results)).toEqual(["3 measured", "3 measured"]);
  });

  describe("that is resumed", () => {
    it("goes on where the same machines are, at whatever address", async () => {
      const resume = await begun();
      const tunnel = await relayTo(second);
      const { results } = await benchHere({ resume, rpc: beside(tunnel) });
      expect(namesOf(results)).toEqual(["3 measured", "3 measured", "1 measured", "1 measured"]);
    });

    it("is refused with another machine, with another device of one, and with other threads", async () => {
      const resume = await begun();
      const other = await lend({ machineName: "a-third-box" });
      await expect(benchHere({ resume, rpc: beside(other) })).rejects.toThrow(
        /devices was "RPC1 .* of another-box, .*, is "RPC1 .* of a-third-box, /u,
      );
      const quicker = await lend({ threads: 2 });
      await expect(benchHere({ resume, rpc: beside(quicker) })).rejects.toThrow(
        /devices was "RPC1 .* -t 1", is "RPC1 .* -t 2";/u,
      );
      await expect(benchHere({ resume, rpc: beside() })).rejects.toThrow(
        /devices was "RPC1 .*; CPU .*", is "CPU /u,
      );
    });
  });

  it("keeps all else where a machine dies in the middle", async () => {
    let killed = false;
    const { results } = await benchHere(
      { ...asked, outputDir: await folder() },
      {
        onEvent: (event) => {
          if (killed || event.type !== "case" || event.number !== 2) return;
          killed = true;
          for (const pid of servingProcesses(second.port)) process.kill(pid, "SIGKILL");
        },
      },
    );
    const failed = results.filter(({ status }) => status === "failed");
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ reason: { code: "crashed" } });
    expect(JSON.stringify(failed[0])).toContain("RPC server 2 of 2, another-box (loopback)");
    expect(results.filter(({ status }) => status === "measured")).toHaveLength(3);
  });
});
