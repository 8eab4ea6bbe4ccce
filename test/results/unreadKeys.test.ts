import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readResults } from "../../src/results/readResults.ts";
import { recordOf } from "../../src/results/recordOf.ts";
import { comparedRowSchema, journalRowSchema, reportedRowSchema } from "../../src/results/row.ts";
import { unreadKeysCutter } from "../../src/results/unreadKeys.ts";
import { freshFolder } from "./folders.ts";
import { lineOf, measured } from "./journals.ts";

type Line = Record<string, unknown>;

const launch = { launch: 1, load_ms: 5, warmup_ns: [1], samples_ns: [1e9], memory: undefined };
const line: Line = { ...lineOf(measured), launch_results: [launch], stderr_tail: ["x"] };

async function casesOf(text: string) {
  const path = join(freshFolder(), "results.jsonl");
  writeFileSync(path, `${text}\n`);
  return (await readResults(path, "figures")).cases;
}

describe("what a report doesn't read of a case's line", () => {
  const cut = unreadKeysCutter(reportedRowSchema);

  it("is left out: samples, launches and buffers", () => {
    const left = JSON.parse(cut(JSON.stringify(line)) ?? "") as Line;
    const { samples_ns: _, warmup_ns: __, launch_results: ___, buffers: ____, ...rest } = line;
    expect(left).toEqual(rest);
  });

  it("is left in a line for those who read it", () => {
    expect(unreadKeysCutter(journalRowSchema)(JSON.stringify(line))).toBeNull();
    expect(JSON.parse(unreadKeysCutter(comparedRowSchema)(JSON.stringify(line)) ?? "")).toEqual(
      expect.objectContaining({ launch_results: [expect.objectContaining({ launch: 1 })] }),
    );
  });

  it.each<readonly [string, Line]>([
    ["as the writer has it", line],
    ["whose texts look like its keys", { ...line, driver: ',"samples_ns":[1],"output_nmse":1' }],
    ["whose keys stand in another order", Object.fromEntries(Object.entries(line).toReversed())],
    [
      "of a later version, with keys of those names within",
      {
        ...line,
        launch_results: [{ ...launch, later: { a: 1, output_nmse: 2, b: [3] } }],
      },
    ],
    ["without those keys", lineOf(measured)],
  ])("changes nothing of a line %s", async (_, given) => {
    const { type: __, ...row } = given;
    const [read] = await casesOf(JSON.stringify({ type: "case", ...row }));
    const { driver = null } = row;
    expect(read?.machine.driver).toBe(driver);
    expect(read).toMatchObject({ summary: { mean: 66.31 }, outputError: null });
    expect(read?.workload).toEqual(recordOf(measured).workload);
  });

  it("may be damaged, and the rest stands", async () => {
    const damaged = JSON.stringify(line).replace('"launch_results":[{', '"launch_results":[{{');
    const [read] = await casesOf(damaged);
    expect(read?.id).toBe(measured.case_id);
  });
});
