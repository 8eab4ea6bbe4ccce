/**
 * The child process: the only place that loads llama.cpp. Started with the device choice as its argument, and as JSON
 * what an earlier child found for it and which other machines take part; reads requests (`protocol.ts`) and answers them one after the other, computing
 * synchronously on its main thread.
 */
import { writeFileSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Phase } from "../../bench/phases.ts";
import type { Priority } from "../../bench/settings.ts";
import { LlmbenchError } from "../../errors.ts";
import { logMark } from "../child/protocol.ts";
import type { Announcement } from "./announcer.ts";
import { askMemory } from "./askMemory.ts";
import { checkModel } from "./checkModel.ts";
import { compareLogits } from "./compareLogits.ts";
import { openEngine, type Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import { loadModel, type OpenModel } from "./loadModel.ts";
import { measure } from "./measure.ts";
import {
  messageDescriptor,
  type Message,
  type ChildRequest,
  type ChildResults,
  type EngineDeviceChoice,
} from "./protocol.ts";
import { applyProcessSettings } from "./processSettings.ts";
import type { FoundEngine } from "./reopenEngine.ts";
import { measureRoof } from "./roof/measureRoof.ts";
import type { ServerList } from "./rpc/serverList.ts";
import { logTensorTypes } from "./tensorTypes.ts";

const logDescriptor = 2;

function send(message: Message): void {
  if (message.type === "result" || message.type === "error") {
    writeSync(logDescriptor, `${logMark} ${message.type}\n`);
  }
  writeSync(messageDescriptor, lineOf(message));
}

function lineOf(message: Message): string {
  return `${JSON.stringify(message)}\n`;
}

function announce(phase: Phase): void {
  send({ type: "phase", phase });
}

function tell(announcements: readonly Announcement[]): void {
  writeSync(messageDescriptor, announcements.map(lineOf).join(""));
}

/** What is loaded, and the priority that its threads have. */
let model: (OpenModel & { readonly priority: Priority }) | null = null;

type Handlers = {
  [Type in keyof ChildResults]: (
    engine: Engine,
    request: Extract<ChildRequest, { type: Type }>,
  ) => ChildResults[Type];
};

const handlers: Handlers = {
  probe: (engine) => engine.info,
  load(engine, request) {
    if (model !== null) engine.api.modelFree(model.pointer);
    model = null;
    announce({ kind: "load" });
    applyProcessSettings(engine, request);
    model = { ...loadModel(engine, request), priority: request.priority };
    return model.answer;
  },
  measure(engine, request) {
    if (model === null) throw new EngineFailure("engine", "no model is loaded");
    const { pointer, priority } = model;
    return measure(engine, pointer, { ...request, priority }, tell);
  },
  roof(engine, request) {
    applyProcessSettings(engine, request);
    return measureRoof(engine, request, tell);
  },
  "tensor-types"(engine, request) {
    logTensorTypes(engine, request);
    return null;
  },
  memory(engine, request) {
    askMemory(engine, request);
    return null;
  },
  check(engine, request) {
    checkModel(engine, request);
    return null;
  },
  logits: (engine, request) => compareLogits(engine, request, announce),
};

function answer(engine: Engine, request: ChildRequest): ChildResults[keyof ChildResults] {
  const handle = handlers[request.type] as (
    engine: Engine,
    request: ChildRequest,
  ) => ChildResults[keyof ChildResults];
  return handle(engine, request);
}

function report(error: unknown): void {
  const place = error instanceof EngineFailure ? error.place : ("engine" as const);
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof EngineFailure || error instanceof LlmbenchError)) {
    writeSync(logDescriptor, `${error instanceof Error ? (error.stack ?? message) : message}\n`);
  }
  send({ type: "error", place, message });
}

/**
 * Whoever looks at `process.stderr`, node-llama-cpp for one, makes a pipe non-blocking: a parent that reads slowly would
 * then cost llama.cpp's log lines, and our own writes an EAGAIN.
 */
function keepLogWhole(): void {
  const { _handle: handle } = process.stderr as unknown as {
    readonly _handle?: { setBlocking?(blocking: boolean): void };
  };
  handle?.setBlocking?.(true);
}

/** Where memory runs out the kernel is to end what holds the model, not the parent that reports it (proc(5)). */
function offerToTheKernel(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Then it chooses by size, which mostly is the same.
  }
}

offerToTheKernel();
// The terminal's Ctrl-C, and its end, reach the whole process group; when to end is the parent's decision.
for (const name of ["SIGINT", "SIGHUP"] as const) process.on(name, () => {});

const input = new Worker(new URL("./requestWorker.js", import.meta.url), {
  workerData: process.ppid,
});
const [device, found = "null", servers = "null"] = process.argv.slice(2);
const opening = openEngine(
  device as EngineDeviceChoice,
  JSON.parse(found) as FoundEngine | null,
  JSON.parse(servers) as ServerList | null,
);
await opening.catch(() => {});
keepLogWhole();
input.on("message", (line: string) => {
  opening
    .then((engine) =>
      send({ type: "result", value: answer(engine, JSON.parse(line) as ChildRequest) }),
    )
    .catch(report);
});
// Not before the engine is open: to find its libraries it asks for a process report, which waits for a thread that blocks.
input.postMessage("read requests");
