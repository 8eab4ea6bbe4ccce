import { optimizeLate } from "../base/v8Flags.ts";
import { flags } from "../suite/flags.ts";
import { defineCommand } from "./command.ts";

export const run = defineCommand({
  help: "Measure models on this machine: plan, run, report",
  flags,
  examples: [
    ["run", "the quick suite: a small synthetic model at two quantizations, under two minutes"],
    ["--model 70b", "the standard suite on Llama 2 70B Q4_0"],
    ["--model 7b --quant q4_0,q8_0 -p 512 -n 128,256", "two quantizations, three tests each"],
    ["-m 8b -ngl 0-32+8 -fa 1 -ub 256", "as llama-bench's users type it"],
    ["--suite headline --dry-run", "what the Mac-or-RTX question would run"],
    ["--resume reports/20261123T142530Z-m3-max-40c-64gb", "go on where a run stopped"],
  ],
  async run(given) {
    // It waits for children, and takes a second of its own however long they measure.
    optimizeLate();
    // Loaded when the command line is understood: help and typing errors need neither engine nor reports.
    const { measure, showPlan } = await import("../usecases/runOnTerminal.ts");
    return given.dryRun === true ? showPlan(given) : measure(given);
  },
});
