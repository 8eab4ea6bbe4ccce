/** Token generation and prompt processing over the tokens already in the KV cache. */
import { groupBy } from "../../../base/groupBy.ts";
import type { Machine } from "../../../compare/machines.ts";
import { threeDigits } from "../../../compare/phrases.ts";
import { bestPlaced } from "../../../compare/placement.ts";
import { modelName, workNames } from "../../../compare/work.ts";
import type { CaseRow } from "../../../results/caseResult.ts";
import { shownLow } from "../../shownLow.ts";
import type { Figure } from "../figure.ts";
import { lineChart } from "./lines.ts";
import type { LinePoint } from "./lines.ts";

const mostModels = 2;

/** The work that depth slows, with the tokens that a test of it does. */
const slowed = {
  tg: ({ n_gen, n_prompt }: CaseRow) => (n_prompt === 0 ? n_gen : 0),
  pp: ({ n_gen, n_prompt }: CaseRow) => (n_gen === 0 ? n_prompt : 0),
} as const;

type Slowed = keyof typeof slowed;

/** The largest models that two machines measured at two depths or more, reading beside writing. */
export function depthFigures(machines: readonly Machine[]): Figure[] {
  const series = machines.map(({ label }) => label);
  const named = machines.map(({ label, rows }) => ({
    label,
    rows: groupBy(rows, ({ model, quantization }) => modelName(model, quantization)),
  }));
  const models = bySize(machines).flatMap((name) => {
    const drawn = (["tg", "pp"] as const).flatMap((work) => {
      const lines = named.map(({ label, rows }) => lineOf(label, name, rows.get(name) ?? [], work));
      const several = lines.filter((line) => line.length > 1);
      return several.length > 1 ? [{ work, points: several.flat() }] : [];
    });
    return drawn.length === 0 ? [] : [{ name, drawn }];
  });
  return models
    .slice(-mostModels)
    .flatMap(({ name, drawn }, index) =>
      drawn.map(({ work, points }) => depthFigure(name, work, points, series, index + 1)),
    );
}

/** Names of models, smallest first. */
function bySize(machines: readonly Machine[]): string[] {
  const sizes = new Map<string, number>();
  for (const { rows } of machines)
    for (const { model, quantization, weights_bytes, model_size } of rows) {
      const name = modelName(model, quantization);
      sizes.set(name, Math.max(sizes.get(name) ?? 0, weights_bytes ?? model_size ?? 0));
    }
  return [...sizes].toSorted(([, a], [, b]) => a - b).map(([name]) => name);
}

function depthFigure(
  name: string,
  work: Slowed,
  points: readonly LinePoint[],
  series: readonly string[],
  number: number,
): Figure {
  return {
    id: `depth-${work}-${number}`,
    title: `${workNames[work]} over depth, ${name} (the middle of each test's stretch)`,
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
function lineOf(label: string, name: string, rows: readonly CaseRow[], work: Slowed): LinePoint[] {
  const points = bestPlaced(rows.filter((row) => slowed[work](row) > 0))
    .toSorted((a, b) => (b.avg_ts ?? 0) - (a.avg_ts ?? 0))
    .map((row) => {
      const speed = row.avg_ts ?? 0;
      return {
        series: label,
        x: row.n_depth + slowed[work](row) / 2,
        low: shownLow(row.ci95_low_ts ?? speed),
        high: row.ci95_high_ts ?? speed,
        said: `${name}, ${label}, ${row.test}: ${threeDigits(speed)} t/s`,
      };
    });
  // Of several at one depth the fastest.
  return [...groupBy(points, ({ x }) => x).values()]
    .flatMap(([first]) => first ?? [])
    .toSorted((a, b) => a.x - b.x);
}
