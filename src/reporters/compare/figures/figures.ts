/** All pictures of a comparison, drawn; those that the data don't fill are left out. */
import { pacesOf } from "../../../compare/answers/modelPace.ts";
import { comparedMachines } from "../../../compare/comparison.ts";
import { typicalTests } from "../../../compare/typicalTests.ts";
import { Runners } from "../../../compare/sizes/runners.ts";
import type { ComparisonReport } from "../comparisonReport.ts";
import type { Figure } from "../drawing/chart.ts";
import { answersFigure } from "./answers.ts";
import { cliffFigures } from "./cliff/cliffs.ts";
import { mapFigures } from "./map/maps.ts";
import { precisionFigure } from "./precision.ts";
import { speedFigure } from "./speed.ts";
import { trainingFigure } from "./training.ts";
import { drawSvg } from "../drawing/svg.ts";

export interface DrawnFigure extends Figure {
  readonly svg: string;
}

export async function drawFigures(report: ComparisonReport): Promise<DrawnFigure[]> {
  const drawn: DrawnFigure[] = [];
  for (const figure of figuresOf(report))
    drawn.push({ ...figure, svg: await drawSvg(figure.spec, figure.title) });
  return drawn;
}

/** The two cliffs first, which stand beside each other; then who wins where; then what was measured. */
function figuresOf(report: ComparisonReport): Figure[] {
  const { comparison, answer, mixes, trainedTokens, predictMachine } = report;
  const series = comparison.machines.map(({ label }) => label);
  const compared = comparedMachines(comparison);
  const runners = new Runners(comparison.machines, predictMachine);
  return [
    ...cliffFigures(report, runners),
    ...mapFigures(report, runners),
    ...optional(speedFigure(typicalTests(comparison.pairs), compared)),
    ...optional(
      answersFigure({
        paces: compared.flatMap(pacesOf),
        alone: answer?.alone ?? null,
        mixes,
        trainedTokens,
        series,
      }),
    ),
    ...optional(precisionFigure(compared)),
    ...optional(trainingFigure(compared)),
  ];
}

function optional(figure: Figure | null): Figure[] {
  return figure === null ? [] : [figure];
}
