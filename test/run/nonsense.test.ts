import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { readJournal } from "../../src/results/readJournal.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { llmbench } from "../cli/llmbench.ts";
import { freshFolder } from "../results/folders.ts";

const garbled = pathToFileURL(join(import.meta.dirname, "garbled.mjs")).href;

it.each([
  ["null", "none of the protocol's"],
  ["[0,0]", "none of the protocol's"],
  // Of which each has passed, at a speed that is no number.
  ["[1e-320,1e-320]", "a result that can't be one"],
])(
  "a child that answers with the samples %s costs its case alone: the next gets a new one, and the journal can be read",
  async (samples, why) => {
    const folder = freshFolder();
    const directory = join(folder, "run");
    const args = `-m toy-4m -p 8,16 -n 0 -r 2 --launches 1 --no-lock --device cpu -t 1`.split(" ");
    const { status, stderr } = llmbench([...args, "--output-dir", directory], {
      NODE_OPTIONS: `--import "${garbled}"`,
      GARBLED: samples,
      GARBLED_ONCE: join(folder, "done"),
    });
    expect({ status, stderr }).toMatchObject({ status: 1 });
    const { cases } = await readJournal(join(directory, "results.jsonl"));
    expect(cases.map(rowOf).map(({ test, status: was, reason }) => [test, was, reason])).toEqual([
      ["pp8", "failed", expect.stringContaining(why)],
      ["pp16", "measured", null],
    ]);
  },
);
