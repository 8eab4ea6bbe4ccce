/** Tokens per second of each model on each machine, and how long a thousand tokens take. */
import { ratioOf, resultJson } from "../../../compare/contract.ts";
import type { Machine } from "../../../compare/machines.ts";
import { threeDigits } from "../../../compare/phrases.ts";
import { placementOf } from "../../../compare/placement.ts";
import type { TypicalTest } from "../../../compare/typicalTests.ts";
import { workNames } from "../../../compare/work.ts";
import { shownLow } from "../../shownLow.ts";
import { barChart } from "../barChart.ts";
import type { Bar } from "../barChart.ts";
import type { Figure } from "../figure.ts";
import { slotsOf } from "../slots.ts";
import type { Slot } from "../slots.ts";
import { whyEmpty } from "../whyNoBar.ts";

/** More groups of bars are no picture any more; the table has them all. */
const mostGroups = 24;

export function speedFigure(
  { work, test, pairs }: TypicalTest,
  machines: readonly Machine[],
): Figure {
  return figureOf(barsOf(slotsOf(pairs, machines), speedBar), machines, {
    id: `speed-${work.replace("+", "-")}`,
    title: `${workNames[work]}, ${test}: tokens per second, with 95% intervals`,
    axis: "tokens per second",
  });
}

/** Shorter is better: what the same figures mean to someone who waits. */
export function durationFigure(
  { work, test, pairs }: TypicalTest,
  machines: readonly Machine[],
): Figure {
  return figureOf(barsOf(slotsOf(pairs, machines), durationBar), machines, {
    id: `duration-${work.replace("+", "-")}`,
    title: `${workNames[work]}, ${test}: seconds for 1000 tokens, and the speed-up against ${machines[0]?.label}`,
    axis: "seconds for 1000 tokens",
  });
}

function figureOf(
  bars: readonly Bar[],
  machines: readonly Machine[],
  { id, title, axis }: { readonly id: string; readonly title: string; readonly axis: string },
): Figure {
  const series = machines.map(({ label }) => label);
  return { id, title, spec: barChart(bars, series, axis), facts: bars.map(fact) };
}

export const fact = ({ group, series, label, value, note }: Bar) =>
  `${group}, ${series}: ${value === null ? (note ?? "no data") : label}`;

type Drawn = Omit<Bar, "group" | "series" | "note">;

function barsOf(
  groups: ReadonlyMap<string, readonly Slot[]>,
  draw: (pair: Slot["pair"], at: 0 | 1) => Drawn,
): Bar[] {
  return [...groups].slice(0, mostGroups).flatMap(([group, slots]) =>
    slots.map((slot) => ({
      group,
      series: slot.machine.label,
      note: whyEmpty(slot),
      ...(slot.at === null
        ? { value: null, label: "", unmeasured: true }
        : draw(slot.pair, slot.at)),
    })),
  );
}

const places = { gpu: "", "gpu+cpu": " (partly on the CPU)", cpu: " (on the CPU)" };

function speedBar(pair: Slot["pair"], at: 0 | 1): Drawn {
  const side = pair.sides[at];
  const result = resultJson(pair.machines[at], side);
  const placement = placementOf(side.row);
  return {
    value: result.avg_ts,
    low: result.ci95_low_ts === null ? null : shownLow(result.ci95_low_ts),
    high: result.ci95_high_ts,
    label: `${threeDigits(result.avg_ts ?? 0)}${placement === null ? "" : places[placement]}`,
  };
}

function durationBar(pair: Slot["pair"], at: 0 | 1): Drawn {
  const side = pair.sides[at];
  const speed = side.speed === null ? null : side.row.avg_ts;
  const ratio = at === 1 ? ratioOf(pair) : null;
  const against = ratio === null ? "" : ` (×${threeDigits(ratio)})`;
  return {
    value: speed === null ? null : 1000 / speed,
    label: speed === null ? "" : `${threeDigits(1000 / speed)} s${against}`,
  };
}
