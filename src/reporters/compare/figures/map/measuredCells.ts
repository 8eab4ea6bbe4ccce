/** Measured models in a winner map: at which size and context each lies, and who won there. */
import { groupBy } from "../../../../base/groupBy.ts";
import { contextTokens } from "../../../../bench/workload.ts";
import { tokensOf, type NamedMix } from "../../../../compare/answers/mixes.ts";
import { answerTime, byModel, pacesOf } from "../../../../compare/answers/modelPace.ts";
import { weightsBytesOf } from "../../../../compare/caseBytes.ts";
import type { Comparison, Pair } from "../../../../compare/comparison.ts";
import type { Machine } from "../../../../compare/machines.ts";
import { modelName } from "../../../../compare/modelNames.ts";
import type { Clock } from "../../../../compare/sizes/clocks.ts";
import { familyOf } from "../../../../compare/sizes/familyOf.ts";
import { measuredSides, surelyBest } from "../../../../compare/surelyBest.ts";
import { isGeneration } from "../../../../compare/workloads.ts";
import type { FamilyName } from "../../../../predict/families/families.ts";

export interface MeasuredCell {
  readonly model: string;
  readonly weightsBytes: number;
  readonly contextTokens: number;
  /** Label of the machine; null where none surely won. */
  readonly winner: string | null;
}

/** The models of the family that all machines ran, each with its winner by the map's clock. */
export function measuredCells(
  comparison: Comparison,
  family: FamilyName,
  clock: Clock,
): MeasuredCell[] {
  switch (clock.kind) {
    case "writing":
      return writtenCells(comparison, family);
    case "answer":
      return answeredCells(comparison.machines, family, clock.mix);
    default:
      return clock satisfies never;
  }
}

function writtenCells(comparison: Comparison, family: FamilyName): MeasuredCell[] {
  const generations = comparison.pairs.filter(
    (pair) => isGeneration(pair) && familyOf(pair.model) === family,
  );
  const tests = groupBy(generations, ({ model, test }) => `${modelName(model)}\n${test}`);
  return [...tests.values()].flatMap((pairs) => writtenCell(pairs, comparison));
}

/** @param pairs of one model and test, one for each machine that both the baseline and it have cases of */
function writtenCell(pairs: readonly Pair[], { machines, options }: Comparison): MeasuredCell[] {
  const [pair] = pairs;
  const sides = measuredSides(pairs);
  if (pair === undefined || sides === null || sides.length < machines.length) return [];
  const weightsBytes = weightsBytesOf(pair.baseline.record) ?? weightsBytesOf(pair.other.record);
  if (weightsBytes === null) return [];
  return [
    {
      model: modelName(pair.model),
      weightsBytes,
      contextTokens: contextTokens(pair.workload),
      winner: surelyBest(sides, pair, options)?.label ?? null,
    },
  ];
}

/** Models at the mix itself; a winner's time lies below all others'. */
function answeredCells(
  machines: readonly Machine[],
  family: FamilyName,
  mix: NamedMix,
): MeasuredCell[] {
  return [...byModel(machines.flatMap(pacesOf))].flatMap(([model, paces]): MeasuredCell[] => {
    const [first] = paces;
    const record = first?.tests[0];
    const weightsBytes = record === undefined ? null : weightsBytesOf(record);
    if (first === undefined || weightsBytes === null || familyOf(first.model) !== family) return [];
    const times = paces.map((pace) => ({ pace, time: answerTime(pace, mix) }));
    if (paces.length < machines.length || times.some(({ time }) => time.extrapolated)) return [];
    const [best, ...others] = times.toSorted((a, b) => a.time.high - b.time.high);
    const surely = others.every(({ time }) => time.low > (best?.time.high ?? Infinity));
    return [
      {
        model,
        weightsBytes,
        contextTokens: tokensOf(mix),
        winner: surely ? (best?.pace.machine.label ?? null) : null,
      },
    ];
  });
}
