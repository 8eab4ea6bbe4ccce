/** What the winner maps show: a map for each family of models, a panel for each clock. */
import type { NamedMix } from "../../../../compare/answers/mixes.ts";
import { uses } from "../../../../compare/headline/uses.ts";
import type { Clock } from "../../../../compare/sizes/clocks.ts";
import type { Runners } from "../../../../compare/sizes/runners.ts";
import { SizeGrid } from "../../../../compare/sizes/sizeGrid.ts";
import { sizesToDraw } from "../../../../compare/sizes/sizesToDraw.ts";
import { winnerMap, type WinnerMap } from "../../../../compare/sizes/winnerMap.ts";
import { familyNames } from "../../../../predict/families/families.ts";
import type { ComparisonReport } from "../../comparisonReport.ts";
import type { Figure } from "../../drawing/chart.ts";
import { mapFigure } from "./mapFigure.ts";
import { measuredCells } from "./measuredCells.ts";

/** Panels beyond two are more than one looks at. */
const mostMixes = 2;
const document: NamedMix = { ...uses.documents, name: "long document" };

/** None where fewer than two machines are predicted, since a map of one has one colour, or none of them is at any size. */
export function mapFigures({ comparison, mixes }: ComparisonReport, runners: Runners): Figure[] {
  if (runners.all.length < 2) return [];
  const sizes = new SizeGrid(sizesToDraw(comparison.machines, runners));
  const series = comparison.machines.map(({ label }) => label);
  const clocks: Clock[] = [
    { kind: "writing" },
    ...(mixes.length > 0 ? mixes.slice(0, mostMixes) : [document]).map((mix): Clock => ({
      kind: "answer",
      mix,
    })),
  ];
  return familyNames.flatMap((family) => {
    const panels = clocks.map((clock) => ({
      map: winnerMap(runners, sizes, { family, clock }),
      measured: measuredCells(comparison, family, clock),
    }));
    return panels.some(({ map }) => isWonAnywhere(map))
      ? [mapFigure({ family, series, panels })]
      : [];
  });
}

function isWonAnywhere({ rows }: WinnerMap): boolean {
  return rows.some(({ stretches }) => stretches.some(({ winner }) => winner !== null));
}
