/** How much faster lower precision is on each machine: one test, against the most precise that it ran. */
import { groupBy } from "../../../base/groupBy.ts";
import { mostAlike } from "../../../compare/align.ts";
import { holdingsOf } from "../../../compare/holding.ts";
import { differences } from "../../../compare/likeForLike.ts";
import type { Machine } from "../../../compare/machines.ts";
import { threeDigits } from "../../../compare/phrases.ts";
import { isOnGpu, placementOf } from "../../../compare/placement.ts";
import { modelName } from "../../../compare/work.ts";
import { mostShared, precisionsOf } from "../../../compare/precisions.ts";
import type { Precision } from "../../../compare/precisions.ts";
import type { CaseRow } from "../../../results/caseResult.ts";
import { barChart } from "../barChart.ts";
import type { Bar } from "../barChart.ts";
import type { Figure } from "../figure.ts";
import { whyNoBar, whyNoRow } from "../whyNoBar.ts";
import { fact } from "./speed.ts";

const mostBars = 60;

/** Null where no machine ran two precisions of a model wholly on its GPU (or CPU, if it has no other) in one test. */
export function precisionFigure(machines: readonly Machine[]): Figure | null {
  const models = [...groupBy(machines.flatMap(holdingsOf), ({ model }) => model).values()].map(
    precisionsOf,
  );
  const runners = machines.map((machine) => ({
    machine,
    rows: groupBy(machine.rows, ({ model, quantization }) => modelName(model, quantization)),
  }));
  const rows = models.map((precisions) => runners.flatMap((one) => comparable(one, precisions)));
  const usual = mostShared(rows.flat());
  if (usual === null) return null;
  const chosen = rows.map((own) =>
    own.some(({ test }) => test === usual) ? usual : mostShared(own),
  );
  const bars = models.flatMap((precisions, at) =>
    groupsOf(runners, precisions, chosen[at] ?? null, usual),
  );
  const shown = bars.slice(0, mostBars);
  return {
    id: "precision",
    title: `Token generation, ${usual}: speed-up of lower precision, against the highest that each machine ran`,
    spec: barChart(
      shown,
      machines.map(({ label }) => label),
      "times the speed of the highest precision",
    ),
    facts: shown.map(fact),
  };
}

interface Runner {
  readonly machine: Machine;
  /** By model and quantization. */
  readonly rows: ReadonlyMap<string, readonly CaseRow[]>;
}

/** Token generation of one precision, wholly in the best place that the machine has. */
function rowsOf({ machine, rows }: Runner, { name }: Precision): CaseRow[] {
  const isBest = (row: CaseRow) =>
    machine.backend === "cpu" ? row.status === "measured" : isOnGpu(row);
  return (rows.get(name) ?? []).filter((row) => row.n_gen > 0 && row.n_prompt === 0 && isBest(row));
}

/** A row for each bar that a test would give: each precision's but the highest that ran it. */
function comparable(runner: Runner, precisions: readonly Precision[]): CaseRow[] {
  const ran = precisions.flatMap((precision) =>
    [...groupBy(rowsOf(runner, precision), ({ test }) => test).values()].flatMap(
      ([first]) => first ?? [],
    ),
  );
  return [...groupBy(ran, ({ test }) => test).values()].flatMap(([, ...lower]) => lower);
}

/** A group for each precision that some machine can compare with a higher one. */
function groupsOf(
  runners: readonly Runner[],
  precisions: readonly Precision[],
  test: string | null,
  usual: string,
): Bar[] {
  if (test === null) return [];
  return precisions.flatMap((precision, at) => {
    const group = groupName(precision, test === usual ? null : test);
    const higher = precisions.slice(0, at);
    const bars = runners.map((runner) => barOf(group, runner, precision, higher, test));
    return bars.every(({ value }) => value === null) ? [] : bars;
  });
}

function groupName({ name, bitsPerWeight }: Precision, test: string | null): string {
  const bits = bitsPerWeight === null ? "" : ` (${threeDigits(bitsPerWeight)} bits per weight)`;
  return `${name}${bits}${test === null ? "" : `, ${test}`}`;
}

function barOf(
  group: string,
  runner: Runner,
  precision: Precision,
  higher: readonly Precision[],
  test: string,
): Bar {
  const { machine } = runner;
  const none = { group, series: machine.label, value: null, label: "" };
  const ofTest = (one: Precision) => rowsOf(runner, one).filter((row) => row.test === test);
  const own = ofTest(precision);
  if (own.length === 0) return { ...none, ...whyNotRun(runner, precision, test) };
  const against = higher.map(ofTest).find((rows) => rows.length > 0);
  if (against === undefined)
    return { ...none, ...unmeasured(`nothing more precise ran in ${test}`) };
  const [highest, lower] = mostAlike(against, own);
  const { meaning } = differences(highest, lower);
  if (meaning.length > 0) return { ...none, ...unmeasured(`other ${meaning.join(", ")}`) };
  const value = (lower.avg_ts ?? 0) / (highest.avg_ts ?? 1);
  const label = `×${threeDigits(value)} of ${highest.quantization}`;
  return { group, series: machine.label, value, label };
}

type Note = Pick<Bar, "note" | "unmeasured">;

function unmeasured(note: string): Note {
  return { note, unmeasured: true };
}

const places = { gpu: "measured", "gpu+cpu": "runs partly on the CPU", cpu: "runs on the CPU" };

function whyNotRun({ machine, rows }: Runner, precision: Precision, test: string): Note {
  const { name, model, quantization } = precision;
  const row = rows.get(name)?.find((one) => one.test === test);
  if (row === undefined) return unmeasured(whyNoRow(machine, { model, quantization, test }));
  const place = placementOf(row);
  return { note: place === null ? whyNoBar(row, machine) : places[place] };
}
