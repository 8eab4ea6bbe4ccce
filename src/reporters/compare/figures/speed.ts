/** Each model's value in a test on each machine, and how long a thousand tokens take. */
import { metrics, units } from "../../../bench/metrics.ts";
import { workloads } from "../../../bench/workload.ts";
import { valueRatio, type Pair } from "../../../compare/comparison.ts";
import type { SideName } from "../../../compare/judge/decision.ts";
import type { Machine } from "../../../compare/machines.ts";
import { processorsOf, type Processors } from "../../../compare/processors.ts";
import type { TypicalTest } from "../../../compare/typicalTests.ts";
import { shownLow } from "../../shownLow.ts";
import { barChart, type Bar } from "../barChart.ts";
import { measuredValue } from "../contract.ts";
import type { Figure } from "../figure.ts";
import { slotsOf, type Slot } from "../slots.ts";
import { whyEmpty } from "../whyNoBar.ts";
import { threeDigits } from "../words/phrases.ts";

/** More groups of bars are no picture any more; the table has them all. */
const mostGroups = 24;

export function speedFigure(typical: TypicalTest, machines: readonly Machine[]): Figure {
  const { kind, test, metric, pairs } = typical;
  const unit = units[metrics[metric].unit];
  return figureOf(barsOf(slotsOf(pairs, machines), valueBar), machines, {
    id: `speed-${idOf(typical)}`,
    title: `${workloads[kind].title}, ${test}: ${unit}, with 95% intervals`,
    axis: unit,
  });
}

/** Shorter is better: what the same figures mean to someone who waits. Null for what isn't tokens per second. */
export function durationFigure(typical: TypicalTest, machines: readonly Machine[]): Figure | null {
  const { kind, test, metric, pairs } = typical;
  if (metrics[metric].unit !== "t/s") return null;
  return figureOf(barsOf(slotsOf(pairs, machines), durationBar), machines, {
    id: `duration-${idOf(typical)}`,
    title: `${workloads[kind].title}, ${test}: seconds for 1000 tokens, and the speed-up against ${machines[0]?.label}`,
    axis: "seconds for 1000 tokens",
  });
}

/** `tg`, `pp-tg`. */
function idOf({ kind }: TypicalTest): string {
  return workloads[kind].word.replace("+", "-");
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
  draw: (pair: Pair, side: SideName) => Drawn,
): Bar[] {
  return [...groups].slice(0, mostGroups).flatMap(([group, slots]) =>
    slots.map((slot) => ({
      group,
      series: slot.machine.label,
      note: whyEmpty(slot),
      ...(slot.side === null
        ? { value: null, label: "", unmeasured: true }
        : draw(slot.pair, slot.side)),
    })),
  );
}

const places = {
  gpu: "",
  "gpu+cpu": " (partly on the CPU)",
  cpu: " (on the CPU)",
} as const satisfies Record<Processors, string>;

function valueBar(pair: Pair, side: SideName): Drawn {
  const measured = measuredValue(pair[side]);
  if (measured === null) return { value: null, label: "" };
  const { value, low, high } = measured;
  const processors = processorsOf(pair[side].record);
  return {
    value,
    low: low === null ? null : shownLow(low),
    high,
    label: `${threeDigits(value)}${processors === null ? "" : places[processors]}`,
  };
}

function durationBar(pair: Pair, side: SideName): Drawn {
  const speed = measuredValue(pair[side])?.value ?? null;
  const ratio = side === "other" ? valueRatio(pair) : null;
  const against = ratio === null ? "" : ` (×${threeDigits(ratio)})`;
  return {
    value: speed === null ? null : 1000 / speed,
    label: speed === null ? "" : `${threeDigits(1000 / speed)} s${against}`,
  };
}
