/** The published rows of a machine that is named, as if they were a file of results. */
import { count } from "../base/count.ts";
import { groupBy } from "../base/groupBy.ts";
import { toType } from "../base/invocation.ts";
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import { testName } from "../bench/workload.ts";
import { LlmbenchError } from "../errors.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { machinesLike } from "../machine/machineCatalogue.ts";
import { publishedRows } from "../predict/publishedRows.ts";
import { publishedCasesOf } from "../predict/publishedResults.ts";
import { originWords } from "../reporters/originWords.ts";
import type { Results } from "../results/readResults.ts";

/**
 * Of each test the newest build that has it.
 *
 * @param name a machine's id or alias, or what leads there: `rtx4090`, `M3 Max`
 * @throws {LlmbenchError} `input` for what is neither a file nor a machine with published rows; `usage` for a name that
 *   means several such machines.
 */
export function publishedOf(name: string): Results {
  const known = machinesLike(name);
  const own = known.flatMap((machine) => publishedAs(machine, ownRows(machine)));
  const [first, ...more] =
    own.length > 0 ? own : known.flatMap((machine) => publishedAs(machine, rowsOfItsChip(machine)));
  if (first === undefined) throw nothingOf(name, known);
  if (more.length > 0) {
    const ids = [first, ...more].map(({ machine }) => machine.id);
    throw new LlmbenchError(
      "usage",
      `${name}: no such file, and machine ${name}: which one of ${ids.join(", ")}?`,
    );
  }
  return {
    path: first.machine.id,
    run: null,
    cases: first.cases,
    missing: 0,
    foreign: null,
    notes: [noteOf(first)],
  };
}

function nothingOf(name: string, [machine]: readonly DescribedMachine[]): LlmbenchError {
  if (machine === undefined) {
    return new LlmbenchError(
      "input",
      `${name}: no such file, and no machine of that name; \`${toType("machines")}\` lists those with a name`,
    );
  }
  return new LlmbenchError(
    "input",
    `${name}: no such file, and no rows of ${machine.id} are published with llmbench; measure one and name its results`,
  );
}

interface Published {
  readonly machine: DescribedMachine;
  readonly cases: readonly CaseRecord[];
}

/** @param builds oldest first */
function publishedAs(
  machine: DescribedMachine,
  builds: readonly (readonly CaseRecord[])[],
): Published[] {
  const cases = newestOfEach(builds);
  return cases.length === 0 ? [] : [{ machine, cases }];
}

function ownRows(machine: DescribedMachine): (readonly CaseRecord[])[] {
  const names = new Set([machine.id, ...machine.aliases]);
  return publishedRows(machine, publishedCasesOf(machine)).map((rows) =>
    rows.filter((record) => names.has(record.machine.name)),
  );
}

/** Another size of memory is as fast, and what doesn't fit there may fit here. */
function rowsOfItsChip(machine: DescribedMachine): (readonly CaseRecord[])[] {
  return publishedRows(machine, publishedCasesOf(machine)).map((rows) => rows.filter(isMeasured));
}

/** @param builds oldest first */
function newestOfEach(builds: readonly (readonly CaseRecord[])[]): CaseRecord[] {
  const newest = new Map<string, readonly CaseRecord[]>();
  for (const rows of builds) for (const [key, same] of groupBy(rows, keyOf)) newest.set(key, same);
  return [...newest.values()].flat();
}

function keyOf({ model, settings, workload }: CaseRecord): string {
  return [model.id, model.quantization, settings.typeK, settings.typeV, testName(workload)].join(
    " ",
  );
}

function noteOf({ machine, cases }: Published): string {
  return `${machine.id}: ${count(cases.length, "published row")} that come with llmbench (${originWords(cases)}), of each test the newest.`;
}
