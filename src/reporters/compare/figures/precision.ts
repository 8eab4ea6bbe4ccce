/** How much faster lower precision is on each machine, against the most precise that it ran. */
import { groupBy } from "../../../base/groupBy.ts";
import type { Machine } from "../../../compare/machines.ts";
import { holdingsOf, speedOf } from "../../../compare/holding.ts";
import type { Holding } from "../../../compare/holding.ts";
import { threeDigits } from "../../../compare/phrases.ts";
import { barChart } from "../barChart.ts";
import type { Bar } from "../barChart.ts";
import type { Figure } from "../figure.ts";
import { fact } from "./speed.ts";

const mostBars = 60;

/** Null where no machine ran two precisions of a model on its GPU. */
export function precisionFigure(machines: readonly Machine[]): Figure | null {
  const bars = machines.flatMap((machine) =>
    [...groupBy(holdingsOf(machine).filter(isOnGpu), ({ model }) => model).values()].flatMap(
      barsOf,
    ),
  );
  if (bars.length === 0) return null;
  const ordered = [...groupBy(bars, ({ group }) => group).values()].flat().slice(0, mostBars);
  return {
    id: "precision",
    title:
      "Token generation: speed-up of lower precision against the highest that each machine ran",
    spec: barChart(
      ordered,
      machines.map(({ label }) => label),
      "times the speed of the highest precision",
    ),
    facts: ordered.map(fact),
  };
}

function isOnGpu({ onGpu, generations }: Holding): boolean {
  return onGpu === "yes" && generations.length > 0;
}

function barsOf(ofModel: readonly Holding[]): Bar[] {
  const [highest, ...lower] = ofModel.toSorted(
    (a, b) => (b.bitsPerWeight ?? 0) - (a.bitsPerWeight ?? 0),
  );
  if (highest === undefined) return [];
  return lower.map((holding) => {
    const value = speedOf(holding) / speedOf(highest);
    return {
      group: `${holding.name} (${threeDigits(holding.bitsPerWeight ?? 0)} bits per weight)`,
      series: holding.machine.label,
      value,
      label: `×${threeDigits(value)} of ${highest.quantization}`,
    };
  });
}
