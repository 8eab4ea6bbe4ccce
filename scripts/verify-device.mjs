// @ts-check
// Tries llmbench on a machine with a real GPU, and writes down what held: `node scripts/verify-device.mjs --help`.
import { join } from "node:path";
import { LlmbenchError } from "../dist/index.js";
import { formatBytes, formatDuration, resolveModel } from "../dist/maintenance.js";
import { readFlags, script } from "./bench/commandLine.mjs";
import { estimate } from "./verify-device/estimate.mjs";
import { gatherFacts } from "./verify-device/facts.mjs";
import { pack } from "./verify-device/pack.mjs";
import { verifiedMarkdown } from "./verify-device/report.mjs";
import { forms, stepNames, steps } from "./verify-device/steps.mjs";
import { verify } from "./verify-device/verify.mjs";

const help = `
verify-device: tries llmbench on this machine's GPU and writes down what held

  node scripts/verify-device.mjs [flags]

  parity     llmbench against llama-bench on the same file, at two depths
  offload    gpu layers 0, half, all
  settings   flash attention, KV types, KV on the host, load mode, ubatch, split mode, one at a time
  sizes      7B, 13B and 70B at Q4_0, as far as they fit the device, the RAM and the disk
  memory     llama.cpp's buffers of every case above against what was predicted
  roofline   copy, read and matmul without a model, on every device
  training   a step in each precision with torch and mlx, where a Python here has them; nothing is downloaded for it

It prints what it is going to do and how long that takes before it begins. Weights are synthetic, made here, and stay in
llmbench's cache (LLMBENCH_CACHE; "node dist/cli.js models --empty-cache" removes them). No network is needed.
Two files come out, verified.json and verified.md; the latter is made to be pasted into docs/verified.md.

  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --small              toy models, for a device in software or a quick look: minutes
  --models, --quants   for "sizes" [llama-2-7b,llama-2-13b,llama-2-70b] [q4_0]
  --only STEPS         parity,offload,settings,sizes,roofline,training: some of them
  --python PYTHON      one that has torch or mlx [the active environment's]
  --output-dir DIR     [reports/verified-<machine>-<backend>]
  --llama-bench FILE   instead of one built here
  --dry-run            print the plan and stop
  --yes                write more than 20 GB without asking
  --no-lock            run beside another run on this machine
  --pack FILE.tgz      make an archive for a machine without npm, and stop (with --device: the one that it has)

A machine without npm, compiler or network, of the same system (Linux, macOS) and processor:
  1. here:   node scripts/verify-device.mjs --pack llmbench.tgz --device cuda
  2. there:  mkdir llmbench && tar -xzf llmbench.tgz -C llmbench && cd llmbench
  3. there:  ./node scripts/verify-device.mjs
The archive holds dist, models, configs, scripts, the packages that a run needs with the engine of that device alone, a
built llama-bench, and this Node. It may be carried in parts; what counts is that the folder looks the same there.

Without a GPU: Debian's mesa-vulkan-drivers gives a device in software, and
  GGML_VK_VISIBLE_DEVICES=0 node scripts/verify-device.mjs --device vulkan --small
takes the same paths.
`;

/** Above this much writing llmbench wants to be told: as the command line does (src/ui/askToWrite.ts). */
const askAboveBytes = 20e9;

/** @param {string} line */
function say(line) {
  console.error(line);
}

/** @param {string | undefined} list */
function words(list) {
  return list?.split(",").filter((word) => word !== "") ?? null;
}

/** Flags whose values are paths of this machine. */
const pathFlags = new Set(["output-dir", "llama-bench", "python"]);

/** Variables that choose devices or change what llama.cpp does. */
const engineVariable = /^(?:GGML_|CUDA_VISIBLE_DEVICES$)/;

/**
 * The command as a record that others read may show it.
 *
 * @param {Readonly<Record<string, string | boolean | undefined>>} flags
 */
function shownCommand(flags) {
  const variables = Object.entries(process.env)
    .filter(([name]) => engineVariable.test(name))
    .map(([name, value]) => `${name}=${value}`);
  const shown = Object.entries(flags)
    .filter(([name]) => !pathFlags.has(name))
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`));
  return [...variables, "node scripts/verify-device.mjs", ...shown].join(" ");
}

await script("verify-device", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const toggle = /** @type {const} */ ({ type: "boolean" });
  const flags = readFlags(
    {
      device: text,
      small: toggle,
      models: text,
      quants: text,
      only: text,
      "output-dir": text,
      "llama-bench": text,
      python: text,
      "dry-run": toggle,
      yes: toggle,
      "no-lock": toggle,
      pack: text,
    },
    help,
  );
  if (flags.pack !== undefined) {
    if (flags.device === undefined) {
      throw new LlmbenchError("usage", "--pack needs --device: the one of the other machine");
    }
    pack(flags.pack, flags.device, say);
    return 0;
  }
  const device = flags.device ?? "auto";
  const standard = flags.small === true ? forms.small : forms.full;
  const form = {
    ...standard,
    sizes: words(flags.models)?.map((spec) => resolveModel(spec).id) ?? standard.sizes,
    quantizations: words(flags.quants) ?? standard.quantizations,
  };
  const models = [...new Set([...form.parity, ...form.offload, form.settings, ...form.sizes])];
  const quantizations = [...new Set(["q4_0", ...form.quantizations])];
  const facts = await gatherFacts(device, models, quantizations, flags.python ?? null);
  const only = words(flags.only) ?? stepNames;
  const unknown = only.find((name) => !stepNames.includes(name));
  if (unknown !== undefined) {
    throw new LlmbenchError(
      "usage",
      `--only: expected some of ${stepNames.join(", ")}, got "${unknown}"`,
    );
  }
  const chosen = steps(facts, form).filter(({ name }) => only.includes(name));

  const { seconds, writtenBytes } = estimate(chosen, facts.kind);
  const { machine, engine } = facts;
  say(
    `${machine.name}: ${machine.gpu_info ?? machine.cpu_info}; llama.cpp ${engine.engine_version} on ${engine.backend}`,
  );
  for (const { name, does, notTried } of chosen) {
    say(`  ${name.padEnd(9)} ${does}`);
    for (const { what, detail } of notTried) say(`            not ${what}: ${detail}`);
  }
  say(
    `writes ${formatBytes(writtenBytes)} of weights (${formatBytes(facts.freeDiskBytes)} are free), takes about ${formatDuration(seconds)}, less on a fast machine`,
  );
  if (flags["dry-run"] === true) return 0;
  if (writtenBytes > askAboveBytes && flags.yes !== true) {
    throw new LlmbenchError("usage", "that is much to write: add --yes, or take fewer --models");
  }

  const folder =
    flags["output-dir"] ?? join("reports", `verified-${machine.name}-${engine.backend}`);
  const verified = await verify(chosen, facts, {
    folder,
    command: shownCommand(flags),
    flags: ["--device", device, "--yes", ...(flags["no-lock"] === true ? ["--no-lock"] : [])],
    rounds: form.rounds,
    llamaBench: flags["llama-bench"] ?? null,
    say,
  });
  console.log(verifiedMarkdown(verified));
  say(`${join(folder, "verified.md")}, ${join(folder, "verified.json")}`);
  return verified.checks.some(({ outcome }) => outcome === "failed") ? 1 : 0;
});
