/** The flags that hold for a whole run: how its cases are measured and judged, where results go. */
import { warmups } from "../bench/repetitions.ts";
import type { WeightsKind } from "../bench/weights.ts";
import { deviceChoices } from "../bench/backends.ts";
import { engineNames, usualEngine } from "../engines/registry.ts";
import { scalar, toggle } from "../flags/flag.ts";
import { noWarmup, ofDevices, progress } from "./llamaBenchForms.ts";
import { ofPrecisions } from "./trainingKinds.ts";
import {
  byteCount,
  countOrAuto,
  gigabytesPerSecond,
  integer,
  seconds,
  share,
  someSeconds,
  text,
  word,
} from "../flags/valueKinds.ts";

const weightsChoices = ["auto", "synthetic", "real"] as const satisfies readonly (
  | "auto"
  | WeightsKind
)[];
export type WeightsChoice = (typeof weightsChoices)[number];

const outputFormats = ["table", "csv", "json", "jsonl", "md", "sql"] as const;
export type OutputFormat = (typeof outputFormats)[number];

const measurementFlags = {
  engine: scalar(word(engineNames), usualEngine, {
    name: "engine",
    help: "what measures",
  }),
  weights: scalar(word(weightsChoices), "auto", {
    name: "weights",
    help: "real weights where they are on disk, else synthetic ones (auto), or only one kind",
  }),
  repetitions: scalar(countOrAuto(), 5, {
    name: "repetitions",
    aliases: ["r"],
    help: "timed repetitions of each case and launch, or auto: until --precision or --max-time",
  }),
  precision: scalar(share(), 0.01, {
    name: "precision",
    belongsTo: ofPrecisions,
    help: "with -r auto or --launches auto: half-width of the 95% interval to reach, as a share of the mean",
  }),
  maxTimeSeconds: scalar(someSeconds(), 120, {
    name: "max-time",
    help: "with -r auto or --launches auto: time that a case's repetitions may take in all its launches, seconds or 2m",
  }),
  sustainSeconds: scalar(someSeconds(), null, {
    name: "sustain",
    help: "repeat each case for this time instead, seconds or 10m: burst, sustained speed, throttling",
  }),
  launches: scalar(countOrAuto(), 1, {
    name: "launches",
    help: "child processes that measure each case one after another, or auto: until --precision or --max-time",
  }),
  warmup: scalar(word(warmups), "full", {
    name: "warmup",
    help: "full repetitions until two agree within 2%, llama-bench's, or none",
    forms: [noWarmup],
  }),
  delaySeconds: scalar(seconds(), 0, {
    name: "delay",
    help: "pause before each case, seconds",
  }),
  device: scalar(word(deviceChoices), "auto", {
    name: "device",
    belongsTo: ofDevices,
    help: "what computes: a backend, or devices as --devices names them; one that isn't there is an error",
  }),
  gpuBudgetBytes: scalar(byteCount(), null, {
    name: "gpu-budget",
    help: "device memory to plan with, bytes or 24GiB, 24GB (default: what the device reports)",
  }),
  ramGbps: scalar(gigabytesPerSecond(), null, {
    name: "ram-gbps",
    help: "bandwidth of this machine's RAM in GB/s, as its maker counts it: layers on the CPU are predicted by it",
  }),
  useCtx: scalar(integer(1), null, {
    name: "ctx",
    help: "context of the use fit, tokens (default: 8192, or the training context if smaller)",
  }),
  force: toggle({
    name: "force",
    help: "run cases that are predicted not to fit",
  }),
  seed: scalar(integer(0), 1, {
    name: "seed",
    help: "seed of the random tokens",
  }),
} as const;

const reportFlags = {
  timeoutSeconds: scalar(seconds(), 1800, {
    name: "timeout",
    besideResume: true,
    help: "longest time without progress before a case is ended, seconds or 30m; 0 for no limit",
  }),
  machineName: scalar(text("a name", "NAME"), null, {
    name: "machine-name",
    help: "name of this machine in the results (default: by its chip or card, as rtx-4090-24gb)",
  }),
  outputDir: scalar(text("a folder", "DIR"), null, {
    name: "output-dir",
    help: "folder for the results (default: reports/<time>-<machine>)",
  }),
  output: scalar(word(outputFormats), "table", {
    name: "output",
    aliases: ["o"],
    besideResume: true,
    help: "what is printed on stdout",
  }),
} as const;

const invocation = { inSuite: false, besideResume: true } as const;

const invocationFlags = {
  suite: scalar(text("a suite's name or file", "NAME|FILE"), null, {
    name: "suite",
    inSuite: false,
    help: "suite to run: quick, standard, headline, depth, big-2026, roofline, generalist, training, or a YAML file",
  }),
  resume: scalar(text("a folder", "DIR"), null, {
    ...invocation,
    name: "resume",
    help: "go on with the run whose results are in DIR",
  }),
  retryFailed: toggle({
    ...invocation,
    name: "retry-failed",
    help: "with --resume: measure failed cases again",
  }),
  dryRun: toggle({ ...invocation, name: "dry-run", help: "print the plan and stop" }),
  yes: toggle({ ...invocation, name: "yes", help: "write large weights without asking" }),
  noLock: toggle({
    ...invocation,
    name: "no-lock",
    help: "run beside another run on this machine",
  }),
  quiet: toggle({
    ...invocation,
    name: "quiet",
    help: "no progress on stderr",
    forms: [progress],
  }),
  verbose: toggle({
    ...invocation,
    name: "verbose",
    aliases: ["v"],
    help: "stacks of errors and the engine's log",
  }),
} as const;

export const runFlags = { ...measurementFlags, ...reportFlags, ...invocationFlags } as const;
