/** All pictures of a comparison, drawn; those that the data don't fill are left out. */
import { tokensOf } from "../../compare/answers/mixes.ts";
import { pacesOf } from "../../compare/answers/modelPace.ts";
import { isTrainedFor } from "../../compare/answers/room.ts";
import { comparedMachines } from "../../compare/comparison.ts";
import { typicalTests } from "../../compare/typicalTests.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import type { Figure } from "./figure.ts";
import { answerFigures } from "./figures/answers.ts";
import { depthFigures } from "./figures/depth.ts";
import { memoryFigure } from "./figures/memory.ts";
import { precisionFigure } from "./figures/precision.ts";
import { sizeFigure } from "./figures/size.ts";
import { durationFigure, speedFigure } from "./figures/speed.ts";
import { trainingGainFigure } from "./figures/training.ts";
import { drawSvg } from "./svg.ts";

export interface DrawnFigure extends Figure {
  readonly svg: string;
}

export async function drawFigures(report: ComparisonReport): Promise<DrawnFigure[]> {
  const drawn: DrawnFigure[] = [];
  for (const figure of figuresOf(report))
    drawn.push({ ...figure, svg: await drawSvg(figure.spec, figure.title) });
  return drawn;
}

/** The sum of tokens at which mixes are drawn where none was given. */
const usualTokens = 6400;

function figuresOf({ comparison, mixes, trainedTokens }: ComparisonReport): Figure[] {
  const machines = comparedMachines(comparison);
  const tests = typicalTests(comparison.pairs);
  const [mix] = mixes;
  const tokens = mix ? tokensOf(mix) : usualTokens;
  const paces = machines
    .flatMap(pacesOf)
    .filter((pace) => isTrainedFor(pace, tokens, trainedTokens));
  return [
    ...tests.map((test) => speedFigure(test, machines)),
    ...tests.flatMap((test) => optional(durationFigure(test, machines))),
    ...optional(sizeFigure(machines)),
    ...optional(memoryFigure(machines)),
    ...optional(precisionFigure(machines)),
    ...optional(trainingGainFigure(machines)),
    ...depthFigures(machines),
    ...answerFigures(
      paces,
      tokens,
      machines.map(({ label }) => label),
    ),
  ];
}

function optional(figure: Figure | null): Figure[] {
  return figure === null ? [] : [figure];
}
