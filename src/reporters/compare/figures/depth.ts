/** Token generation and prompt processing over the tokens already in the KV cache. */
import { groupBy } from "../../../base/groupBy.ts";
import { derivedMetrics } from "../../../bench/derivedMetrics.ts";
import { isNonEmpty } from "../../../bench/launch.ts";
import type { CaseRecord, MeasuredRecord } from "../../../bench/record.ts";
import { generatedTokens, promptTokens, testName, workloads } from "../../../bench/workload.ts";
import { weightsBytesOf } from "../../../compare/caseBytes.ts";
import type { PacedKind } from "../../../compare/answers/paceTests.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { bestProcessed } from "../../../compare/processors.ts";
import { shownLow } from "../../shownLow.ts";
import type { Figure } from "../figure.ts";
import { threeDigits, wholePercent } from "../words/phrases.ts";
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
      const several = lines.filter(({ points }) => points.length > 1);
      return several.length > 1 ? [{ kind, lines: several }] : [];
    });
    return drawn.length === 0 ? [] : [{ name, drawn }];
  });
  return models.slice(-mostModels).flatMap(({ name, drawn }, index) =>
    drawn.map(({ kind, lines }) => ({
      id: `depth-${workloads[kind].word}-${index + 1}`,
      title: `${workloads[kind].title} over depth, ${name} (the middle of each test's stretch)`,
      spec: lineChart({
        points: lines.flatMap(({ points }) => points),
        series,
        xTitle: "tokens in the KV cache",
        yTitle: "tokens per second",
      }),
      facts: lines.flatMap(({ points, kept }) => [...points.map(({ said }) => said), ...kept]),
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

interface Line {
  readonly points: readonly LinePoint[];
  /** What is left of the speed at the deepest, in words. */
  readonly kept: readonly string[];
}

/** A test from an empty context is the mean over its length: it stands for the middle of it. */
function lineOf(label: string, kind: PacedKind, cases: readonly CaseRecord[]): Line {
  const own = bestProcessed(
    cases.filter(({ workload }) => workload.kind === kind && workload.parallel === 1),
  );
  const points = own
    .toSorted((a, b) => b.summary.mean - a.summary.mean)
    .map(({ model, workload, summary: { mean, ci95 } }) => ({
      series: label,
      x: workload.depth + (promptTokens(workload) + generatedTokens(workload)) / 2,
      low: shownLow(ci95?.low ?? mean),
      high: ci95?.high ?? mean,
      said: `${modelName(model)}, ${label}, ${testName(workload)}: ${threeDigits(mean)} t/s`,
    }));
  // Of several at one depth the fastest.
  const line = [...groupBy(points, ({ x }) => x).values()]
    .flatMap(([first]) => first ?? [])
    .toSorted((a, b) => a.x - b.x);
  return { points: line, kept: keptTexts(label, own) };
}

/** `llama-3-8b q4_0, mac: tg128 keeps 62% of its speed from depth 0 to 16384`, a text for each length. */
function keptTexts(label: string, own: readonly MeasuredRecord[]): string[] {
  const lengths = groupBy(own, ({ workload }) => testName({ ...workload, depth: 0 }));
  return [...lengths].flatMap(([test, records]) => {
    if (!isNonEmpty(records)) return [];
    const kept = derivedMetrics.kept_at_depth.of(records);
    const depths = records.map(({ workload }) => workload.depth);
    const [from, to] = [Math.min(...depths), Math.max(...depths)];
    const name = modelName(records[0].model);
    return kept === null
      ? []
      : [
          `${name}, ${label}: ${test} keeps ${wholePercent(kept)} of its speed from depth ${from} to ${to}`,
        ];
  });
}
