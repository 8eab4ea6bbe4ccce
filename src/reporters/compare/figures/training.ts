/** Training on each machine, side by side: how long a step takes, against the first machine, and against f32 on the same one. */
import { groupBy } from "../../../base/groupBy.ts";
import { testName } from "../../../bench/workload.ts";
import type { Machine } from "../../../compare/machines.ts";
import { precisionGains, trainedCases } from "../../../compare/training.ts";
import { threeDigits } from "../../format.ts";
import { dotRows, dotSaid, type Dot } from "../drawing/dotRows.ts";
import type { Figure } from "../drawing/chart.ts";

/** More groups of rows are no picture any more; the table has them all. */
const mostGroups = 16;

interface Step {
  /** Model and test. */
  readonly group: string;
  readonly machine: Machine;
  readonly ms: number;
  /** Tokens per second. */
  readonly speed: number;
  /** How many times as fast as in f32; null in f32, and where that wasn't measured. */
  readonly gain: number | null;
}

/** Null where nothing was trained. */
export function trainingFigure(machines: readonly Machine[]): Figure | null {
  const [first] = machines;
  const all = [...groupBy(machines.flatMap(stepsOn), ({ group }) => group)];
  if (first === undefined || all.length === 0) return null;
  const groups = all.slice(0, mostGroups);
  const dots = (valueOf: (step: Step, against: Step | null) => number | null): Dot[] =>
    groups.flatMap(([group, steps]) =>
      machines.map(({ label }) => {
        const step = steps.find(({ machine }) => machine.label === label) ?? null;
        const against = steps.find(({ machine }) => machine === first) ?? null;
        const value = step === null ? null : valueOf(step, against);
        const text = value === null ? "" : threeDigits(value);
        return { group, series: label, value, label: text, note: step === null ? "no data" : "" };
      }),
    );
  const panels = [
    { title: "ms a step", dots: dots(({ ms }) => ms) },
    {
      title: `times ${first.label}`,
      dots: dots(({ speed }, against) => (against === null ? null : speed / against.speed)),
    },
    { title: "times f32", dots: dots(({ gain }) => gain) },
  ];
  return {
    id: "training",
    title: `Training: time of a step, speed-up against ${first.label}, and of lower precision against f32`,
    spec: dotRows(
      panels,
      machines.map(({ label }) => label),
    ),
    facts: panels.flatMap(({ title, dots: own }) =>
      own.flatMap((dot) => (dot.value === null ? [] : [`${title}: ${dotSaid(dot)}`])),
    ),
  };
}

/** One for each case; of several of one test the fastest. */
function stepsOn(machine: Machine): Step[] {
  const gains = new Map(precisionGains(machine).map(({ record, times }) => [record, times]));
  const steps = trainedCases(machine).map((record) => ({
    group: `${record.model.id} ${testName(record.workload)}`,
    machine,
    ms: (record.summary.meanNs ?? NaN) / 1e6,
    speed: record.summary.mean,
    gain: gains.get(record) ?? null,
  }));
  const best = groupBy(
    steps.toSorted((a, b) => b.speed - a.speed),
    ({ group }) => group,
  );
  return steps.filter((step) => best.get(step.group)?.[0] === step && !Number.isNaN(step.ms));
}
