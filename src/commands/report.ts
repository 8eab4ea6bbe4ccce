import { LlmbenchError } from "../errors.ts";
import { reportFormats } from "../reporters/registry.ts";
import { renderReport, writeReports } from "../reporters/writeReports.ts";
import { scalar } from "../suite/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { word } from "../suite/valueKinds.ts";
import { defineCommand } from "./command.ts";

export const report = defineCommand({
  help: "Make CSV, Markdown and HTML of a run again from its journal, or print results",
  flags: {
    output: scalar(word(reportFormats), null, {
      name: "output",
      aliases: ["o"],
      help: "print in this format instead of writing files",
    }),
    outputDir: { ...runFlags.outputDir, help: "write there (default: beside the journal)" },
    verbose: runFlags.verbose,
  },
  positionals: {
    name: "DIR|FILE",
    help: "a run's folder, its journal, a results.csv, or what -o json or jsonl printed",
    min: 1,
    max: Infinity,
  },
  examples: [
    ["report reports/20261123T142530Z-m3-max-40c-64gb", "the same files again, byte for byte"],
    ["report mac/ rtx/ -o md", "two runs in one Markdown table"],
  ],
  async run({ output, outputDir }, paths) {
    if (typeof output === "string") {
      if (typeof outputDir === "string") {
        throw new LlmbenchError(
          "usage",
          "--output prints and --output-dir writes; give one of them",
        );
      }
      process.stdout.write(await renderReport(output, paths));
      return 0;
    }
    if (typeof outputDir === "string" && paths.length > 1) {
      throw new LlmbenchError(
        "usage",
        "--output-dir holds the files of one run; give one DIR|FILE",
      );
    }
    for (const path of paths) {
      for (const file of await writeReports(path, outputDir ?? undefined)) console.log(file);
    }
    return 0;
  },
});
