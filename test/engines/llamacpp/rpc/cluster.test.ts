import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { workloadOf } from "../../../../src/bench/workload.ts";
import {
  EngineError,
  wholeModel as placement,
  type Engine,
  type Session,
} from "../../../../src/engines/engine.ts";
import { RpcConnection } from "../../../../src/engines/llamacpp/rpc/rpcConnection.ts";
import { askFacts } from "../../../../src/engines/llamacpp/rpc/serverFacts.ts";
import { llamaCpp } from "../../../../src/engines/llamacpp/row.ts";
import { pp16, quietWatch as watch, shortRule as rule, tg4 } from "../../asked.ts";
import { toyWeights } from "../../toyWeights.ts";
import { canServe, freePort, lend, servingProcesses, type Lent } from "./lent.ts";
import { relayTo } from "./relay.ts";

interface Address {
  readonly host: string;
  readonly port: number;
}

async function startWith(...servers: readonly Address[]): Promise<Engine> {
  const rpc = servers.map(({ host, port }) => `${host}:${port}`).join(",");
  const engine = await llamaCpp.start({ device: "cpu", own: { rpc, rpcLibrary: null } });
  afterAll(() => engine.close());
  return engine;
}

function ended(port: number): void {
  for (const pid of servingProcesses(port)) process.kill(pid, "SIGKILL");
}

async function failureOf(measuring: Promise<unknown>): Promise<EngineError> {
  const failure: unknown = await measuring.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof EngineError) return failure;
  throw new Error(`expected an engine's failure, got ${String(failure)}`);
}

const tg200 = workloadOf({ prompt: 0, generated: 200, depth: 0 });

describe.runIf(canServe)("a run on other machines' devices", async () => {
  const path = await toyWeights("q4_0", "toy-24m");
  const first = canServe ? await lend() : (null as unknown as Lent);
  const second = canServe
    ? await lend({ host: process.platform === "linux" ? "127.0.0.2" : "127.0.0.1" })
    : (null as unknown as Lent);
  const sessions: Session[] = [];
  const opened = async (engine: Engine): Promise<Session> => {
    const session = await engine.open({ model: path, placement }, watch);
    sessions.push(session);
    return session;
  };
  // A server has one client at a time.
  afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())));

  it("lists them before this machine's, with their memory and whose they are", async () => {
    const { facts } = await startWith(first, second);
    const server = { machine: "another-box", way: "loopback", threads: 1 };
    expect(facts.devices.map(({ name, server: of }) => [name, of])).toEqual([
      ["RPC0", { ...server, number: 1 }],
      ["RPC1", { ...server, number: 2 }],
      ["CPU", undefined],
    ]);
    expect(facts.devices[0]?.budget_bytes).toBeGreaterThan(0);
    expect(facts.devices[0]?.budget_bytes).toBeLessThanOrEqual(facts.devices[0]?.total_bytes ?? 0);
  });

  it("shares the layers, and tells link, messages and bytes beside the times", async () => {
    const session = await opened(await startWith(first, second));
    const { times, readings, buffers } = await session.run(tg4, rule, watch);
    expect(times.samplesNs).toHaveLength(3);
    expect(session.model.gpuLayers).toBe((session.model.nLayers ?? 0) + 1);
    const held = new Map(buffers.map(({ device, weightsBytes }) => [device, weightsBytes]));
    expect(held.get("RPC0")).toBeGreaterThan(0);
    expect(held.get("RPC1")).toBeGreaterThan(0);
    expect(readings.links).toHaveLength(2);
    for (const { ms, upGbps, downGbps } of readings.links ?? []) {
      expect(ms).toBeGreaterThan(0);
      expect(upGbps).toBeGreaterThan(0);
      expect(downGbps).toBeGreaterThan(0);
    }
    // Of each server one answer is waited for: the activations, and of the last the logits.
    expect(readings.traffic?.turns).toBeCloseTo(2, 0);
    expect(readings.traffic?.messages).toBeGreaterThan(2);
    expect(readings.traffic?.bytes).toBeGreaterThan(0);
  });

  it("computes what the CPU alone computes", async () => {
    const engine = await startWith(first, second);
    const error = await engine.outputError?.({ path, nThreads: 1 }, watch);
    expect(error).toBeLessThan(1e-3);
  });

  it("leaves them out where the placement names none of their devices", async () => {
    const engine = await startWith(first, second);
    const alone = { ...placement, devices: [], gpuLayers: 0 };
    const session = await engine.open({ model: path, placement: alone }, watch);
    const { readings, buffers } = await session.run(pp16, rule, watch);
    expect(readings).toMatchObject({ links: null, traffic: null });
    expect(buffers.map(({ device }) => device)).toEqual(["host"]);
    await session.close();
  });

  it("names the machine whose process died in the middle, and goes on with the one that was started again", async () => {
    const engine = await startWith(first, second);
    const session = await opened(engine);
    const measuring = failureOf(
      session.run(tg200, rule, {
        ...watch,
        onPhase: ({ kind }) => {
          if (kind === "repetition") ended(second.port);
        },
      }),
    );
    const { failing, message } = await measuring;
    expect(failing).toEqual({ status: "failed", code: "crashed" });
    expect(message).toContain("RPC server 2 of 2, another-box (loopback), ended meanwhile");
    await expect
      .poll(async () =>
        askFacts(second).then(
          ({ starts }) => starts,
          () => 0,
        ),
      )
      .toBeGreaterThan(1);
    const again = await opened(engine);
    expect((await again.run(tg4, rule, watch)).times.samplesNs).toHaveLength(3);
  });

  it("waits for a machine whose process is being started again, and for one that serves another", async () => {
    const engine = await startWith(first, second);
    ended(second.port);
    await expect(opened(engine)).resolves.toMatchObject({ alive: true });
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    const other = await RpcConnection.open(first);
    const opening = opened(engine);
    // Longer than anybody waits for an answer.
    await sleep(6000);
    other.close();
    await expect(opening).resolves.toMatchObject({ alive: true });
  });

  it("names the link that broke off, though it is back when it is asked", async () => {
    const relay = await relayTo(second);
    const session = await opened(await startWith(first, relay));
    const { failing, message } = await failureOf(
      session.run(tg200, rule, {
        ...watch,
        onPhase: ({ kind }) => {
          if (kind === "repetition") relay.breakOff();
        },
      }),
    );
    expect(failing).toEqual({ status: "failed", code: "crashed" });
    expect(message).toMatch(/^the connection to one of another-box \(loopback\), .* broke off; /u);
  });

  it("ends a case whose link went dead without a word, within its time, by name", async () => {
    const relay = await relayTo(second);
    const session = await opened(await startWith(first, relay));
    const measuring = failureOf(
      session.run(tg200, rule, {
        ...watch,
        timeoutSeconds: 20,
        onPhase: ({ kind }) => {
          if (kind === "repetition") relay.cut();
        },
      }),
    );
    const { failing, message } = await measuring;
    expect(failing).toEqual({ status: "failed", code: "timed_out" });
    expect(message).toContain("RPC server 2 of 2, another-box (loopback),");
    expect(session.alive).toBe(false);
    relay.breakOff();
  });

  it("says that a model doesn't fit where a machine's memory is full", async () => {
    const session = await opened(await startWith(first, second));
    const huge = workloadOf({ prompt: 0, generated: 1, depth: 50_000_000 });
    const { failing, message } = await failureOf(session.run(huge, rule, watch));
    expect(failing).toEqual({ status: "does_not_fit", code: "measured_oom" });
    expect(message).toContain("RPC");
    expect(message).not.toContain("127.0.0");
  });

  it("fails at the next load, by name, where a machine is gone", async () => {
    const third = await lend();
    const engine = await startWith(first, third);
    await third.serving.close();
    const { failing, message } = await failureOf(opened(engine));
    expect(failing).toEqual({ status: "failed", code: "engine_error" });
    expect(message).toContain("RPC server 2 of 2, another-box (loopback),");
  });

  it("refuses another build before anything starts", async () => {
    const facts = await askFacts(first);
    const other = { ...facts, engine: { ...facts.engine, build_commit: "0000000" } };
    const relay = await relayTo(first, { facts: JSON.stringify(other) });
    await expect(startWith(relay)).rejects.toThrow(/same build on both ends/u);
  });

  it("says that nothing listens there", async () => {
    await expect(startWith({ host: "127.0.0.1", port: await freePort() })).rejects.toThrow(
      /can't be reached: nothing listens there/u,
    );
  });
});
