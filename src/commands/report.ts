import { printable } from "../base/printable.ts";
import { keepHeapTight, optimizeLate } from "../base/v8Flags.ts";
import { LlmbenchError } from "../errors.ts";
import { writeBundle } from "../reporters/bundle/writeBundle.ts";
import { reportFormats } from "../reporters/registry.ts";
import { reportPieces, writeReports } from "../reporters/writeReports.ts";
import { scalar, switchWithValue, toggle } from "../flags/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { text, word } from "../flags/valueKinds.ts";
import { printPieces } from "../ui/printPieces.ts";
import { shownOn } from "../ui/terminal.ts";
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
    bundle: switchWithValue(text("the path of a .zip", "FILE.zip"), /\.zip$/i, {
      name: "bundle",
      help: "write one archive instead, for others to verify: journal, reports, environment, hashes",
    }),
    tokenTimes: toggle({
      name: "token-times",
      help: "with -o table: how long single tokens took (reports show it where it is known)",
    }),
    verbose: runFlags.verbose,
  },
  positionals: {
    name: "DIR|FILE",
    help: "a run's folder, its journal, a results.csv, what -o json or jsonl printed, or llama-bench's output",
    min: 1,
    max: Infinity,
  },
  examples: [
    ["report reports/20261123T142530Z-m3-max-40c-64gb", "the same files again, byte for byte"],
    ["report mac/ rtx/ -o md", "two runs in one Markdown table"],
    ["report llama-bench.md -o csv", "llama-bench's output as rows of ours"],
    ["report mac/ --bundle mac.zip", "all of a run in one file, for verify"],
  ],
  async run({ output, outputDir, bundle, tokenTimes = false }, paths) {
    keepHeapTight();
    optimizeLate();
    if (tokenTimes && output !== "table")
      throw new LlmbenchError(
        "usage",
        "--token-times is a column of the table; give -o table beside it",
      );
    if (typeof bundle === "string") {
      if (typeof output === "string")
        throw new LlmbenchError("usage", "--output prints and --bundle writes; give one of them");
      return bundles(paths, bundle, outputDir ?? null);
    }
    if (typeof output === "string") {
      if (typeof outputDir === "string") {
        throw new LlmbenchError(
          "usage",
          "--output prints and --output-dir writes; give one of them",
        );
      }
      // A table ends with them.
      const notes = output === "table" ? {} : { onNote: tell };
      await printPieces(await reportPieces(output, paths, { ...notes, tokenTimes, ...shownOn() }));
      return 0;
    }
    if (typeof outputDir === "string" && paths.length > 1) {
      throw new LlmbenchError(
        "usage",
        "--output-dir holds the files of one run; give one DIR|FILE",
      );
    }
    for (const path of paths) {
      const files = await writeReports(path, outputDir ?? undefined, { onNote: tell });
      for (const file of files) console.log(file);
    }
    return 0;
  },
});

/** Notes quote files of others. */
function tell(note: string): void {
  console.error(`llmbench: ${printable(note)}`);
}

/** @param file empty where none is named. */
async function bundles(
  paths: readonly string[],
  file: string,
  folder: string | null,
): Promise<number> {
  if (file !== "" && folder !== null)
    throw new LlmbenchError(
      "usage",
      "--bundle FILE.zip and --output-dir both name a place; give one",
    );
  if (paths.length > 1 && (file !== "" || folder !== null))
    throw new LlmbenchError("usage", "a bundle holds one run; name one DIR, or no place for it");
  for (const path of paths) {
    console.log(await writeBundle(path, { file: file === "" ? null : file, folder }));
  }
  return 0;
}
