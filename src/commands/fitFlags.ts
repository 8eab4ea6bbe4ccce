/** Flags of `fit`: what is asked about, and the settings that decide about memory, under run's names. */
import { toType } from "../base/invocation.ts";
import { engineFlags } from "../engines/registry.ts";
import { usualFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import { list, oneOf, scalar, toggle, type Flag } from "../flags/flag.ts";
import { matrixFlags } from "../suite/matrixFlags.ts";
import { runFlags } from "../suite/runFlags.ts";
import { linkNames, parseLink, type DescribedLink } from "../machine/link.ts";
import { file, integer, speed, text, type ValueKind } from "../flags/valueKinds.ts";

/** A link's name, or its figures. */
function link(): ValueKind<DescribedLink> {
  return {
    expected: `one of ${linkNames.join(", ")}, or GB/s and ms of a round trip, as 1.1,0.2`,
    argument: "LINK",
    choices: linkNames,
    commaSeparates: false,
    json: { type: "string" },
    read(value) {
      const found = typeof value === "string" ? parseLink(value) : null;
      return found === null ? undefined : [found];
    },
  };
}

type MemorySetting = Exclude<keyof FitSettings, "nCtx">;

const memoryFlags = {
  nBatch: oneOf(matrixFlags.nBatch),
  nUbatch: oneOf(matrixFlags.nUbatch),
  gpuLayers: oneOf(matrixFlags.gpuLayers),
  flashAttn: oneOf(matrixFlags.flashAttn),
  typeK: oneOf(matrixFlags.typeK),
  typeV: oneOf(matrixFlags.typeV),
  devices: oneOf(matrixFlags.devices),
  splitMode: oneOf(matrixFlags.splitMode),
  tensorSplit: oneOf(matrixFlags.tensorSplit),
  mainGpu: oneOf(matrixFlags.mainGpu),
  tensorOverrides: oneOf(matrixFlags.tensorOverrides),
  nCpuMoe: oneOf(matrixFlags.nCpuMoe),
  noKvOffload: oneOf(matrixFlags.noKvOffload),
  noOpOffload: oneOf(matrixFlags.noOpOffload),
  noHost: oneOf(matrixFlags.noHost),
  embeddings: oneOf(matrixFlags.embeddings),
  loadMode: oneOf(matrixFlags.loadMode),
  lazyMode: oneOf(matrixFlags.lazyMode),
} satisfies { readonly [Key in MemorySetting]: Flag<FitSettings[Key]> };

/** Every setting that decides about memory, but the context; each is the key of its flag too. */
export const memorySettingNames = Object.keys(memoryFlags) as readonly MemorySetting[];

export const fitFlags = {
  models: { ...matrixFlags.models, help: `${matrixFlags.models.help} (default: the catalogue)` },
  quantizations: {
    ...matrixFlags.quantizations,
    help: "quantizations (default: those worth comparing of each model)",
  },
  machines: list(text("a machine's id or a path", "MACHINE"), null, {
    name: "machine",
    aliases: ["machines"],
    help: `ids or aliases (${toType("machines")} lists them), several joined with + and linked, paths of machine YAMLs, or this (the default; with --min-tg all described ones)`,
  }),
  link: scalar(link(), null, {
    name: "link",
    help: `between machines that are joined with +: ${linkNames.join(", ")}, or GB/s,ms of a round trip`,
  }),
  minTg: scalar(speed(), null, {
    name: "min-tg",
    help: "list the machines that reach this predicted tg128, fastest first: the ten best, with --verbose all",
  }),
  prices: scalar(file(), null, {
    name: "prices",
    help: "YAML of prices of whole boxes: lists those that reach --min-tg, the cheapest first, too",
  }),
  ctx: scalar(integer(1), usualFitSettings.nCtx, {
    name: "ctx",
    help: "context, tokens",
  }),
  ...memoryFlags,
  gpuBudgetBytes: runFlags.gpuBudgetBytes,
  ramGbps: {
    ...runFlags.ramGbps,
    help: "bandwidth of the RAM in GB/s, on machines whose GPUs have memory of their own and on those without a GPU",
  },
  engine: { ...runFlags.engine, help: "what is asked about this machine and about files" },
  ...engineFlags,
  device: { ...runFlags.device, help: "what computes on this machine" },
  formula: toggle({
    name: "formula",
    help: "don't ask llama.cpp about files: formulas and estimates alone",
  }),
  json: toggle({ name: "json", help: "print JSON" }),
  verbose: {
    ...runFlags.verbose,
    help: "with --min-tg every machine that is fast enough; stacks of errors",
  },
} as const;
