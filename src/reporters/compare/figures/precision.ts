/** How much faster lower precision is on each machine: one test, against the most precise that it ran. */
import { groupBy } from "../../../base/groupBy.ts";
import { derivedMetrics } from "../../../bench/derivedMetrics.ts";
import { isMeasured } from "../../../bench/record.ts";
import { testName } from "../../../bench/workload.ts";
import { mostAlike } from "../../../compare/align.ts";
import { differencesOf, meaningOf } from "../../../compare/judge/differences.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { modelsOn } from "../../../compare/modelOnMachine.ts";
import { mostShared, precisionsOf, type Precision } from "../../../compare/precisions.ts";
import { isOnGpu, processorsOf, type Processors } from "../../../compare/processors.ts";
import { isGeneration, isKnownCase, type KnownCase } from "../../../compare/workloads.ts";
import { threeDigits } from "../../format.ts";
import { dotRows, dotSaid, type Dot } from "../drawing/dotRows.ts";
import type { Figure } from "../drawing/chart.ts";
import { whyNoBar, whyNoCase } from "../whyNoBar.ts";
import { settingName } from "../words/settings.ts";

const mostBars = 60;

/** Null where no machine ran two precisions of a model wholly on its GPU (or CPU, if it has no other) in one test. */
export function precisionFigure(machines: readonly Machine[]): Figure | null {
  const models = [...groupBy(machines.flatMap(modelsOn), ({ model }) => model.id).values()].map(
    precisionsOf,
  );
  const runners = machines.map((machine) => ({
    machine,
    cases: groupBy(machine.cases.filter(isKnownCase), ({ model }) => modelName(model)),
  }));
  const cases = models.map((precisions) => runners.flatMap((one) => comparable(one, precisions)));
  const usual = mostShared(cases.flat());
  if (usual === null) return null;
  const chosen = cases.map((own) =>
    own.some(({ workload }) => testName(workload) === usual) ? usual : mostShared(own),
  );
  const bars = models.flatMap((precisions, at) =>
    groupsOf(runners, precisions, chosen[at] ?? null, usual),
  );
  const shown = bars.slice(0, mostBars);
  return {
    id: "precision",
    title: `Token generation, ${usual}: speed-up of lower precision, against the highest that each machine ran`,
    spec: dotRows(
      [{ title: "times the speed of the highest precision", from: 1, dots: shown }],
      machines.map(({ label }) => label),
    ),
    facts: shown.map(dotSaid),
  };
}

interface Runner {
  readonly machine: Machine;
  /** The machine's cases by model and quantization. */
  readonly cases: ReadonlyMap<string, readonly KnownCase[]>;
}

/** Token generation of one precision, wholly in the best place that the machine has. */
function generationsOf({ machine, cases }: Runner, { name }: Precision): KnownCase[] {
  const isBest = machine.backend === "cpu" ? isMeasured : isOnGpu;
  return (cases.get(name) ?? []).filter((record) => isGeneration(record) && isBest(record));
}

/** A case for each bar that a test would give: each precision's but the highest that ran it. */
function comparable(runner: Runner, precisions: readonly Precision[]): KnownCase[] {
  const ran = precisions.flatMap((precision) =>
    byTest(generationsOf(runner, precision)).flatMap(([first]) => first ?? []),
  );
  return byTest(ran).flatMap(([, ...lower]) => lower);
}

function byTest(records: readonly KnownCase[]): KnownCase[][] {
  return [...groupBy(records, ({ workload }) => testName(workload)).values()];
}

/** A group for each precision that some machine can compare with a higher one. */
function groupsOf(
  runners: readonly Runner[],
  precisions: readonly Precision[],
  test: string | null,
  usual: string,
): Dot[] {
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
): Dot {
  const { machine } = runner;
  const none = { group, series: machine.label, value: null, label: "" };
  const ofTest = (one: Precision) =>
    generationsOf(runner, one).filter(({ workload }) => testName(workload) === test);
  const own = ofTest(precision);
  if (own.length === 0) return { ...none, note: whyNotRun(runner, precision, test) };
  const against = higher.map(ofTest).find((records) => records.length > 0);
  if (against === undefined) return { ...none, note: `nothing more precise ran in ${test}` };
  const [highest, lower] = mostAlike(against, own);
  const meaning = meaningOf(differencesOf(highest, lower));
  if (meaning.length > 0) return { ...none, note: `other ${meaning.map(settingName).join(", ")}` };
  if (!isMeasured(highest) || !isMeasured(lower)) return none;
  const value = derivedMetrics.speed_up.of([highest, lower]);
  if (value === null) return none;
  const label = `×${threeDigits(value)} of ${highest.model.quantization}`;
  return { group, series: machine.label, value, label };
}

const places = {
  gpu: "measured",
  "gpu+cpu": "runs partly on the CPU",
  cpu: "runs on the CPU",
} as const satisfies Record<Processors, string>;

function whyNotRun({ machine, cases }: Runner, precision: Precision, test: string): string {
  const { name, model } = precision;
  const record = cases.get(name)?.find(({ workload }) => testName(workload) === test);
  if (record === undefined) return whyNoCase(machine, model, test);
  const processors = processorsOf(record);
  return processors === null ? whyNoBar(record, machine) : places[processors];
}
