import { flags } from "../suite/flags.ts";
import { defineCommand } from "./command.ts";
import { endsWith } from "./interruption.ts";

function kept(resumed: string | null): string {
  return resumed === null
    ? "nothing was measured"
    : `nothing more was measured: the results so far are kept in ${resumed}`;
}

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
    // Loaded when the command line is understood: help and typing errors need neither engine nor reports.
    const { chooseRun } = await import("./chooseRun.ts");
    if (given.dryRun === true) {
      const { planText } = await import("./planText.ts");
      console.log(planText(await chooseRun(given)));
      return 0;
    }
    endsWith(`interrupted; ${kept(given.resume ?? null)}`);
    const { reserveMachine } = await import("../machine/reserve.ts");
    // Before llama.cpp is asked anything: that alone would disturb another run.
    const release = await reserveMachine(given.noLock === true);
    try {
      const { measureRun } = await import("./measureRun.ts");
      return await measureRun(await chooseRun(given), given);
    } finally {
      release();
    }
  },
});
