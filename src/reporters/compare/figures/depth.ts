/** Token generation over the tokens already in the KV cache. */
import { groupBy } from "../../../base/groupBy.ts";
import { holdingsOf } from "../../../compare/holding.ts";
import type { Holding } from "../../../compare/holding.ts";
import type { Machine } from "../../../compare/machines.ts";
import { threeDigits } from "../../../compare/phrases.ts";
import type { Figure } from "../figure.ts";
import { shownLow } from "../../shownLow.ts";
import { lineChart } from "./lines.ts";

const mostFigures = 2;

/** The largest models that two machines measured at two depths or more. */
export function depthFigures(machines: readonly Machine[]): Figure[] {
  const series = machines.map(({ label }) => label);
  const measured = machines.flatMap(holdingsOf).filter((holding) => pointsOf(holding).length > 1);
  const models = [...groupBy(measured, ({ name }) => name)].filter(([, own]) => own.length > 1);
  return models
    .slice(-mostFigures)
    .map(([name, own], index) => depthFigure(name, own, series, index));
}

function depthFigure(
  name: string,
  holdings: readonly Holding[],
  series: readonly string[],
  index: number,
): Figure {
  const points = holdings.flatMap(pointsOf);
  return {
    id: `depth-${index + 1}`,
    title: `${name}: token generation over depth (the middle of each test's stretch)`,
    spec: lineChart({
      points,
      series,
      xTitle: "tokens in the KV cache",
      yTitle: "tokens per second",
    }),
    facts: points.map(({ said }) => said),
  };
}

/** A test from an empty context is the mean over its length: it stands for the middle of it. */
function pointsOf({ name, machine, generations }: Holding) {
  const points = generations.map((row) => {
    const speed = row.avg_ts ?? 0;
    return {
      series: machine.label,
      x: row.n_depth + row.n_gen / 2,
      low: shownLow(row.ci95_low_ts ?? speed),
      high: row.ci95_high_ts ?? speed,
      said: `${name}, ${machine.label}, ${row.test}: ${threeDigits(speed)} t/s`,
    };
  });
  return [...groupBy(points, ({ x }) => x).values()]
    .flatMap(([first]) => first ?? [])
    .toSorted((a, b) => a.x - b.x);
}
