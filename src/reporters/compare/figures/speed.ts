/** Each model's value in the typical tests on each machine, models by size. */
import { metrics } from "../../../bench/metrics.ts";
import { workloads } from "../../../bench/workload.ts";
import { weightsBytesOf } from "../../../compare/caseBytes.ts";
import type { Machine } from "../../../compare/machines.ts";
import { processorsOf, type Processors } from "../../../compare/processors.ts";
import type { TypicalTest } from "../../../compare/typicalTests.ts";
import { shownLow, threeDigits } from "../../format.ts";
import { measuredValue } from "../contract.ts";
import { dotRows, dotSaid, type Dot } from "../drawing/dotRows.ts";
import type { Figure } from "../drawing/chart.ts";
import { slotsOf, type Slot } from "../slots.ts";
import { whyEmpty } from "../whyNoBar.ts";

/** More groups of rows are no picture any more; the table has them all. */
const mostGroups = 12;

/** More kinds of tests don't stand side by side. */
const mostPanels = 2;

/** Null where nothing was measured in a test that two have. */
export function speedFigure(
  typical: readonly TypicalTest[],
  machines: readonly Machine[],
): Figure | null {
  const panels = typical.slice(0, mostPanels).map((one) => ({
    title: `${one.test}, ${metrics[one.metric].unit}`,
    dots: dotsOf(one, machines),
  }));
  const measured = new Set(
    panels.flatMap(({ dots }) => dots.flatMap(({ group, value }) => (value === null ? [] : group))),
  );
  if (measured.size === 0) return null;
  const shown = new Set([...measured].slice(-mostGroups));
  const drawn = panels.map(({ title, dots }) => ({
    title,
    dots: dots.filter(({ group }) => shown.has(group)),
  }));
  const kinds = typical
    .slice(0, mostPanels)
    .map(({ kind, test }) => `${workloads[kind].title}, ${test}`);
  return {
    id: "speed",
    title: `Speed by model: ${kinds.join("; ")}`,
    spec: dotRows(
      drawn,
      machines.map(({ label }) => label),
    ),
    facts: panels.flatMap(({ title, dots }) => dots.map((dot) => `${title}: ${dotSaid(dot)}`)),
  };
}

function dotsOf({ pairs }: TypicalTest, machines: readonly Machine[]): Dot[] {
  const bySize = [...slotsOf(pairs, machines)].toSorted(([, a], [, b]) => sizeOf(a) - sizeOf(b));
  return bySize.flatMap(([group, slots]) =>
    slots.map((slot) => ({ group, series: slot.machine.label, ...valueOf(slot) })),
  );
}

function sizeOf([slot]: readonly Slot[]): number {
  return slot === undefined ? 0 : (weightsBytesOf(slot.pair.baseline.record) ?? 0);
}

const places = {
  gpu: "",
  "gpu+cpu": ", partly on the CPU",
  cpu: ", on the CPU",
} as const satisfies Record<Processors, string>;

function valueOf(slot: Slot): Omit<Dot, "group" | "series"> {
  const measured = slot.side === null ? null : measuredValue(slot.pair[slot.side]);
  if (slot.side === null || measured === null)
    return { value: null, label: "", note: whyEmpty(slot) };
  const { value, low, high } = measured;
  const processors = processorsOf(slot.pair[slot.side].record);
  return {
    value,
    low: low === null ? null : shownLow(low),
    high,
    label: `${threeDigits(value)}${processors === null ? "" : places[processors]}`,
  };
}
