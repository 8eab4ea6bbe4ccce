import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readChildMessage } from "../../../src/engines/child/readChildMessage.ts";
import { answerShapes } from "../../../src/engines/llamacpp/childMessage.ts";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import type { ChildResults } from "../../../src/engines/llamacpp/protocol.ts";

/** One more than lie apart between a nanosecond and an hour. */
const manyTimes = Array.from({ length: 15_001 }, (_, index) => [1 + index, 1]);
const memory = { devices: [{ device: "CUDA0", free_bytes: 1 }], private_bytes: null };
const measured = {
  n_ctx: 256,
  samples_ns: [1.5, 2],
  warmup_ns: [3],
  token_ns: [
    [0.5, 1],
    [1, 7],
  ],
  depth_restored: true,
  stopped_by: "repetitions",
  started_ns: [0, 1.5],
  suspended: 0,
  traffic: null,
  cpu_ms: 4,
  repetition_cpu_ms: 1.5,
  memory: { context: memory, warm: memory, peak_resident_bytes: 5 },
};
const readMessage = (line: string, request: keyof ChildResults) =>
  readChildMessage<unknown>(line, answerShapes[request]);
const result = (value: unknown) => ({ type: "result", value });
const phase = (value: unknown) => ({ type: "phase", phase: value });

describe("a message", () => {
  it.each([
    ["probe", { type: "phase", phase: { kind: "load" } }],
    ["measure", { type: "phase", phase: { kind: "context" } }],
    ["measure", { type: "phase", phase: { kind: "rest" } }],
    ["measure", { type: "phase", phase: { kind: "fill" } }],
    ["measure", { type: "phase", phase: { kind: "warm_up", number: 1 } }],
    ["measure", { type: "phase", phase: { kind: "repetition", number: 500_000 } }],
    ["logits", { type: "phase", phase: { kind: "logits", of: "device" } }],
    ["logits", { type: "phase", phase: { kind: "logits", of: "CPU" } }],
    ["measure", { type: "sample", ns: 12.5 }],
    ["load", { type: "error", place: "load", message: "no" }],
    ["memory", result(null)],
    ["logits", result({ nmse: Number.MAX_VALUE })],
    ["measure", result(measured)],
  ] as const)("that answers %s is read as it is: %j", (request, message) => {
    expect(readMessage(JSON.stringify(message), request)).toEqual(message);
  });

  it.each([
    ["a phase without a name", "measure", { type: "phase" }],
    ["a phase that is nothing", "measure", { type: "phase", phase: null }],
    ["a phase that is none", "measure", { type: "phase", phase: { a: 1 } }],
    ["a phase that is text", "measure", { type: "phase", phase: "load" }],
    ["a phase that goes on and on", "measure", { type: "phase", phase: "x".repeat(1000) }],
    ["a phase of a kind that isn't", "measure", phase({ kind: "lunch" })],
    ["a phase of every object's kind", "measure", phase({ kind: "constructor" })],
    ["a phase of many kinds", "measure", phase({ kind: ["load"] })],
    ["a repetition without a number", "measure", phase({ kind: "repetition" })],
    ["a repetition before the first", "measure", phase({ kind: "repetition", number: 0 })],
    ["half a repetition", "measure", phase({ kind: "repetition", number: 1.5 })],
    ["a repetition whose number is text", "measure", phase({ kind: "repetition", number: "1" })],
    ["a warm-up without a number", "measure", phase({ kind: "warm_up", number: null })],
    ["logits of nothing", "logits", phase({ kind: "logits" })],
    ["logits of somebody else", "logits", phase({ kind: "logits", of: "moon" })],
    ["a sample that took no time", "measure", { type: "sample", ns: 0 }],
    ["a sample that is no number", "measure", { type: "sample", ns: "1" }],
    ["an error without a place", "load", { type: "error", message: "no" }],
    ["an error somewhere else", "load", { type: "error", place: "moon", message: "no" }],
    ["an error whose text is none", "load", { type: "error", place: "load", message: {} }],
    ["no value", "load", { type: "result" }],
    ["nothing", "measure", result(null)],
    ["something where nothing is due", "memory", result({})],
    ["an empty answer", "load", result({})],
    ["another request's answer", "load", result(measured)],
    ["no samples", "measure", result({ ...measured, samples_ns: [], started_ns: [] })],
    ["samples that took no time", "measure", result({ ...measured, samples_ns: [0, 0] })],
    ["samples of before", "measure", result({ ...measured, samples_ns: [-1, 2] })],
    ["samples that are no numbers", "measure", result({ ...measured, samples_ns: [null, null] })],
    ["beginnings of other samples", "measure", result({ ...measured, started_ns: [0] })],
    ["times of tokens one by one", "measure", result({ ...measured, token_ns: [1, 2] })],
    ["tokens that took no time", "measure", result({ ...measured, token_ns: [[0, 8]] })],
    ["a time that no token took", "measure", result({ ...measured, token_ns: [[1, 0]] })],
    ["half a token", "measure", result({ ...measured, token_ns: [[1, 0.5]] })],
    ["a time without its tokens", "measure", result({ ...measured, token_ns: [[1]] })],
    ["more times than there are", "measure", result({ ...measured, token_ns: manyTimes })],
  ] as const)("is none of the protocol's: %s", (_, request, message) => {
    expect(readMessage(JSON.stringify(message), request)).toBeNull();
  });

  it("is none of the protocol's: an endless sample", () => {
    expect(readMessage('{"type":"sample","ns":1e999}', "measure")).toBeNull();
  });
});

describe("a child", () => {
  const file = fileURLToPath(new URL("unruly.mjs", import.meta.url));

  async function answer(
    request: keyof ChildResults,
    message: string,
    deed = "says what `UNRULY_MESSAGE` holds",
  ): Promise<{ readonly value: unknown }> {
    const env = { ...process.env, UNRULY: deed, UNRULY_MESSAGE: message };
    const child = new LlamaChild("cpu", { env, file });
    try {
      return await child.request({ type: request } as never);
    } finally {
      await child.close();
    }
  }

  it("is heard where it keeps to the protocol", async () => {
    const { value } = await answer("measure", JSON.stringify(result(measured)));
    expect(value).toEqual(measured);
  });

  it("may tell of as many repetitions as a case can have", async () => {
    const message = JSON.stringify(result(measured));
    const { value } = await answer("measure", message, "tells of 500,000 repetitions");
    expect((value as typeof measured).samples_ns).toHaveLength(500_000);
  });

  it.each([
    '{"type":"phase","phase":{"a":1}}',
    '{"type":"phase","phase":"load"}',
    '{"type":"phase","phase":{"kind":"repetition"}}',
    '{"type":"result","value":{}}',
  ])("is ended where it says %s", async (message) => {
    await expect(answer("measure", message)).rejects.toMatchObject({
      failure: { kind: "nonsense" },
    });
  });
});
