/** What the winner maps show: a map for each family of models, a panel for each clock. */
import type { Machine } from "../../../compare/machines.ts";
import { tokensOf, type NamedMix } from "../../../compare/answers/mixes.ts";
import { answerTime, byModel, pacesOf } from "../../../compare/answers/modelPace.ts";
import { contextTokens } from "../../../bench/workload.ts";
import { uses } from "../../../compare/headline/uses.ts";
import { machineOn, type Pair } from "../../../compare/comparison.ts";
import { weightsBytesOf } from "../../../compare/caseBytes.ts";
import { winnerOf } from "../../../compare/judge/verdict.ts";
import { modelName } from "../../../compare/modelNames.ts";
import type { Clock } from "../../../compare/sizes/clocks.ts";
import { familyOf } from "../../../compare/sizes/familyOf.ts";
import type { Runners } from "../../../compare/sizes/runners.ts";
import { SizeGrid } from "../../../compare/sizes/sizeGrid.ts";
import { sizesToDraw } from "../../../compare/sizes/sizesToDraw.ts";
import { winnerMap } from "../../../compare/sizes/winnerMap.ts";
import { isGeneration } from "../../../compare/workloads.ts";
import { familyNames, type FamilyName } from "../../../predict/families/families.ts";
import type { ComparisonReport } from "../comparisonReport.ts";
import type { Figure } from "../figure.ts";
import type { MeasuredCell } from "./mapPanel.ts";
import { mapFigure } from "./winnerMap.ts";

/** Panels beyond two are more than one looks at. */
const mostMixes = 2;
const document: NamedMix = { ...uses.documents, name: "long document" };

/** None where fewer than two machines are predicted: a map of one has one colour. */
export function mapFigures(report: ComparisonReport, runners: Runners): Figure[] {
  if (runners.all.length < 2) return [];
  const { comparison, mixes } = report;
  const sizes = new SizeGrid(sizesToDraw(comparison.machines, runners));
  const series = comparison.machines.map(({ label }) => label);
  const clocks: Clock[] = [
    { kind: "writing" },
    ...(mixes.length > 0 ? mixes.slice(0, mostMixes) : [document]).map((mix): Clock => ({
      kind: "answer",
      mix,
    })),
  ];
  return familyNames.map((family) =>
    mapFigure({
      family,
      series,
      panels: clocks.map((clock) => ({
        map: winnerMap(runners, sizes, { family, clock }),
        measured: measuredCells(report, family, clock),
      })),
    }),
  );
}

function measuredCells(report: ComparisonReport, family: FamilyName, clock: Clock): MeasuredCell[] {
  const { machines, pairs } = report.comparison;
  switch (clock.kind) {
    case "writing":
      // Of several machines no one pair names the fastest.
      return machines.length === 2
        ? pairs.filter(isGeneration).flatMap((pair) => writtenCell(pair, family))
        : [];
    case "answer":
      return answeredCells(machines, family, clock.mix);
    default:
      return clock satisfies never;
  }
}

function writtenCell(pair: Pair, family: FamilyName): MeasuredCell[] {
  const weightsBytes = weightsBytesOf(pair.baseline.record) ?? weightsBytesOf(pair.other.record);
  if (weightsBytes === null || familyOf(pair.model) !== family) return [];
  if (pair.baseline.value === null || pair.other.value === null) return [];
  return [
    {
      model: modelName(pair.model),
      weightsBytes,
      contextTokens: contextTokens(pair.workload),
      winner: machineOn(pair, winnerOf(pair.verdict))?.label ?? null,
    },
  ];
}

/** Of models that all of them answered with, at the mix itself; a winner's time lies below all others'. */
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
    const sorted = times.toSorted((a, b) => a.time.high - b.time.high);
    const [best, ...others] = sorted;
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
