// A child that speaks the engine's protocol up to its first request, and then does what `UNRULY` names.
import { readSync, writeSync } from "node:fs";
import { spawn } from "node:child_process";

const say = (text) => writeSync(3, text);
const log = (text) => writeSync(2, text);
const line = (message) => say(`${JSON.stringify(message)}\n`);
const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
const end = (signal) => {
  process.kill(process.pid, signal);
  sleep();
};

const deeds = {
  "exits with a code": () => process.exit(3),
  "exits as if all were well": () => process.exit(0),
  aborts: () => {
    log("ggml.c:123: GGML_ASSERT(n > 0) failed\n");
    process.abort();
  },
  segfaults: () => end("SIGSEGV"),
  "reads a mapped file that shrank": () => end("SIGBUS"),
  "is killed": () => end("SIGKILL"),
  "is interrupted": () => end("SIGINT"),
  "aborts for want of memory": () => {
    log("ggml_gallocr_reserve_n_impl: failed to allocate CUDA0 buffer of size 1073741824\n");
    process.abort();
  },
  "says what is not JSON": () => say("Segmentation fault (core dumped)\n"),
  "says what is none of the protocol's": () => line({ type: "greeting", text: "hello" }),
  "says null": () => line(null),
  "says what `UNRULY_MESSAGE` holds": () => {
    log("@llmbench: result\n");
    say(`${process.env.UNRULY_MESSAGE}\n`);
  },
  "tells of 500,000 repetitions": () => {
    const times = Array.from({ length: 500_000 }, (_, index) => 123_456_789.012345 + index);
    log("@llmbench: result\n");
    const message = JSON.parse(process.env.UNRULY_MESSAGE);
    line({ ...message, value: { ...message.value, samples_ns: times, started_ns: times } });
  },
  "ends within a message": () => {
    say('{"type":"result","va');
    process.exit(0);
  },
  "never ends its line": () => {
    for (;;) say("a".repeat(4096));
  },
  "answers and dies before its log is whole": () => {
    line({ type: "error", place: "load", message: "no" });
    process.exit(0);
  },
  hangs: sleep,
  computes: () => {
    for (;;);
  },
  "leaves a process behind that holds its pipes": () => {
    spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "inherit" });
    process.exit(3);
  },
  "floods its log, then refuses": () => {
    for (let index = 0; index < 50_000; index++) log(`line ${index}\n`);
    log("@llmbench: error\n");
    line({ type: "error", place: "load", message: "no" });
    sleep();
  },
};

readSync(4, Buffer.alloc(4096));
line({ type: "phase", phase: { kind: "load" } });
deeds[process.env.UNRULY]();
// What was said is to be read before the end is seen.
sleep();
