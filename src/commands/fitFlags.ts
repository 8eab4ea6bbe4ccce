/** Flags of `fit`: what is asked about, and the settings that decide about memory, under run's names. */
import { toType } from "../base/invocation.ts";
import { flashAttnModes, kvCacheTypes, loadModes, splitModes } from "../suite/caseSettings.ts";
import { list, scalar, toggle } from "../suite/flag.ts";
import { matrixFlags } from "../suite/matrixFlags.ts";
import { runFlags } from "../suite/runFlags.ts";
import {
  file,
  gpuLayers,
  integer,
  onOff,
  proportions,
  speed,
  text,
  word,
} from "../suite/valueKinds.ts";

const inSuite = false;

export const fitFlags = {
  models: { ...matrixFlags.models, help: `${matrixFlags.models.help} (default: the catalogue)` },
  quantizations: {
    ...matrixFlags.quantizations,
    help: "quantizations (default: those worth comparing of each model)",
  },
  machines: list(text("a machine's id or a path", "MACHINE"), null, {
    name: "machine",
    aliases: ["machines"],
    help: `ids or aliases (${toType("machines")} lists them), paths of machine YAMLs, or this (the default; with --min-tg all described ones)`,
    inSuite,
  }),
  minTg: scalar(speed(), null, {
    name: "min-tg",
    help: "list the machines that reach this predicted tg128, fastest first",
    inSuite,
  }),
  prices: scalar(file(), null, {
    name: "prices",
    help: "YAML of prices of whole boxes: with --min-tg, the cheapest first too",
    inSuite,
  }),
  ctx: scalar(integer(1), 4096, {
    name: "ctx",
    help: "context, tokens",
    inSuite,
  }),
  nBatch: scalar(integer(1), 2048, {
    name: "batch-size",
    aliases: ["b"],
    help: "logical batch, tokens",
    inSuite,
  }),
  nUbatch: scalar(integer(1), 512, {
    name: "ubatch-size",
    aliases: ["ub"],
    llamaBench: ["ub"],
    help: "physical batch, tokens",
    inSuite,
  }),
  gpuLayers: scalar(gpuLayers(), "auto", {
    name: "gpu-layers",
    aliases: ["ngl", "n-gpu-layers"],
    llamaBench: ["ngl"],
    help: "layers on the device: as many as fit, all (-1), or N",
    inSuite,
  }),
  flashAttn: scalar(word(flashAttnModes, { "-1": "auto", "1": "on", "0": "off" }), "auto", {
    name: "flash-attn",
    aliases: ["fa"],
    llamaBench: ["fa"],
    help: "flash attention",
    inSuite,
  }),
  typeK: scalar(word(kvCacheTypes), "f16", {
    name: "cache-type-k",
    aliases: ["ctk"],
    llamaBench: ["ctk"],
    help: "type of the K cache",
    inSuite,
  }),
  typeV: scalar(word(kvCacheTypes), "f16", {
    name: "cache-type-v",
    aliases: ["ctv"],
    llamaBench: ["ctv"],
    help: "type of the V cache; quantized ones need flash attention",
    inSuite,
  }),
  splitMode: scalar(word(splitModes), "layer", {
    name: "split-mode",
    aliases: ["sm"],
    llamaBench: ["sm"],
    help: "how a model is split over several GPUs",
    inSuite,
  }),
  tensorSplit: scalar(proportions(), null, {
    name: "tensor-split",
    aliases: ["ts"],
    llamaBench: ["ts"],
    help: "proportions of the model per GPU, 3/1 (default: by free memory)",
    inSuite,
  }),
  mainGpu: scalar(integer(0), 0, {
    name: "main-gpu",
    aliases: ["mg"],
    llamaBench: ["mg"],
    help: matrixFlags.mainGpu.help,
    inSuite,
  }),
  nCpuMoe: scalar(integer(0), 0, {
    name: "n-cpu-moe",
    aliases: ["ncmoe"],
    llamaBench: ["ncmoe"],
    help: "first N layers whose expert weights stay in host memory",
    inSuite,
  }),
  noKvOffload: scalar(onOff(), false, {
    name: "no-kv-offload",
    aliases: ["nkvo"],
    llamaBench: ["nkvo"],
    help: "1 keeps the KV cache in host memory",
    inSuite,
  }),
  loadMode: scalar(word(loadModes), "auto", {
    name: "load-mode",
    aliases: ["lm"],
    llamaBench: ["lm"],
    help: "how the file's weights get into memory",
    inSuite,
  }),
  gpuBudgetBytes: runFlags.gpuBudgetBytes,
  device: { ...runFlags.device, help: "what computes on this machine" },
  json: toggle({ name: "json", help: "print JSON" }),
  verbose: runFlags.verbose,
} as const;
