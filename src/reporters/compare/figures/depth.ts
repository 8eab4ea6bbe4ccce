/** Token generation and prompt processing over the tokens already in the KV cache. */
import { groupBy } from "../../../base/groupBy.ts";
import type { CaseRecord } from "../../../bench/record.ts";
import { generatedTokens, promptTokens, testName, workloads } from "../../../bench/workload.ts";
import { weightsBytesOf } from "../../../compare/caseBytes.ts";
import type { PacedKind } from "../../../compare/answers/paceTests.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { bestProcessed } from "../../../compare/processors.ts";
import { shownLow } from "../../shownLow.ts";
import type { Figure } from "../figure.ts";
import { threeDigits } from "../words/phrases.ts";
import { lineChart, type LinePoint } from "./lines.ts";

const mostModels = 2;

/** Workloads that depth slows, in the order that their pictures stand. */
const slowed = ["generate", "prompt"] as const satisfies readonly PacedKind[];

/** The largest models that two machines measured at two depths or more, reading beside writing. */
export function depthFigures(machines: readonly Machine[]): Figure[] {
  const series = machines.map(({ label }) => label);
  const named = machines.map(({ label, cases }) => ({
    label,
    cases: groupBy(cases, ({ model }) => modelName(model)),
  }));
  const models = bySize(machines).flatMap((name) => {
    const drawn = slowed.flatMap((kind) => {
      const lines = named.map(({ label, cases }) => lineOf(label, kind, cases.get(name) ?? []));
      const several = lines.filter((line) => line.length > 1);
      return several.length > 1 ? [{ kind, points: several.flat() }] : [];
    });
    return drawn.length === 0 ? [] : [{ name, drawn }];
  });
  return models.slice(-mostModels).flatMap(({ name, drawn }, index) =>
    drawn.map(({ kind, points }) => ({
      id: `depth-${workloads[kind].word}-${index + 1}`,
      title: `${workloads[kind].title} over depth, ${name} (the middle of each test's stretch)`,
      spec: lineChart({
        points,
        series,
        xTitle: "tokens in the KV cache",
        yTitle: "tokens per second",
      }),
      facts: points.map(({ said }) => said),
    })),
  );
}

/** Names of models, smallest first. */
function bySize(machines: readonly Machine[]): string[] {
  const sizes = new Map<string, number>();
  for (const { cases } of machines)
    for (const record of cases) {
      const name = modelName(record.model);
      sizes.set(name, Math.max(sizes.get(name) ?? 0, weightsBytesOf(record) ?? 0));
    }
  return [...sizes].toSorted(([, a], [, b]) => a - b).map(([name]) => name);
}

/** A test from an empty context is the mean over its length: it stands for the middle of it. */
function lineOf(label: string, kind: PacedKind, cases: readonly CaseRecord[]): LinePoint[] {
  const own = cases.filter(({ workload }) => workload.kind === kind && workload.parallel === 1);
  const points = bestProcessed(own)
    .toSorted((a, b) => b.summary.mean - a.summary.mean)
    .map(({ model, workload, summary: { mean, ci95 } }) => ({
      series: label,
      x: workload.depth + (promptTokens(workload) + generatedTokens(workload)) / 2,
      low: shownLow(ci95?.low ?? mean),
      high: ci95?.high ?? mean,
      said: `${modelName(model)}, ${label}, ${testName(workload)}: ${threeDigits(mean)} t/s`,
    }));
  // Of several at one depth the fastest.
  return [...groupBy(points, ({ x }) => x).values()]
    .flatMap(([first]) => first ?? [])
    .toSorted((a, b) => a.x - b.x);
}
