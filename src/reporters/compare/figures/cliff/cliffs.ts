/** What the two cliffs show: how fast each machine writes, and how long it reads before the first word. */
import { testName, type GenerateWorkload } from "../../../../bench/workload.ts";
import { cliffOf } from "../../../../compare/sizes/cliff.ts";
import type { Runners } from "../../../../compare/sizes/runners.ts";
import { SizeGrid } from "../../../../compare/sizes/sizeGrid.ts";
import { sizesToDraw } from "../../../../compare/sizes/sizesToDraw.ts";
import { wallsOf } from "../../../../compare/sizes/walls.ts";
import { typicalTests } from "../../../../compare/typicalTests.ts";
import { usualBitsPerWeight } from "../../../../predict/families/families.ts";
import type { ComparisonReport } from "../../comparisonReport.ts";
import type { Figure } from "../../drawing/chart.ts";
import { cliffFigure } from "./cliffFigure.ts";
import { isDrawable, type CliffPicture } from "./picture.ts";
import { generationPoints, readingPoints } from "./points.ts";

const usualTest: GenerateWorkload = { kind: "generate", generated: 128, depth: 0, parallel: 1 };
const longPrompt = 8192;

/** None where nothing was measured or predicted of two sizes. */
export function cliffFigures(report: ComparisonReport, runners: Runners): Figure[] {
  const { comparison, answer } = report;
  const { machines } = comparison;
  const sizes = new SizeGrid(sizesToDraw(machines, runners));
  const common = {
    series: machines.map(({ label }) => label),
    walls: machines.flatMap((machine) => wallsOf(machine, runners)),
  };
  const predicted = runners.all.length > 0;
  const test = typicalGeneration(report);
  const { generated, depth } = test;
  const promptTokens = answer?.alone?.promptTokens ?? longPrompt;
  const pictures: CliffPicture[] = [
    {
      ...common,
      id: "cliff-writing",
      title: `Writing, ${testName(test)}: tokens per second by the memory that a model needs; lines predicted for dense models, points measured`,
      cliff: predicted
        ? cliffOf(runners, sizes, {
            family: "dense",
            contextTokens: depth + generated,
            work: { depth, promptTokens: 0, outputTokens: generated },
          })
        : null,
      points: machines.flatMap((machine) => generationPoints(machine, test)),
      valueOf: (seconds) => generated / seconds,
      unit: "t/s",
      yTitle: "tokens per second",
      better: "higher",
    },
    {
      ...common,
      id: "cliff-reading",
      title: `First word of a prompt of ${promptTokens} tokens: seconds by the memory that a model needs; ${usualBitsPerWeight} bits per weight`,
      cliff: predicted
        ? cliffOf(runners, sizes, {
            family: "dense",
            contextTokens: promptTokens,
            work: { depth: 0, promptTokens, outputTokens: 0 },
          })
        : null,
      points: machines.flatMap((machine) => readingPoints(machine, promptTokens)),
      valueOf: (seconds) => seconds,
      unit: "s",
      yTitle: "seconds, sooner is up",
      better: "lower",
    },
  ];
  return pictures.filter(isDrawable).map(cliffFigure);
}

function typicalGeneration({ comparison }: ComparisonReport): GenerateWorkload {
  const all = comparison.pairs.length > 0 ? typicalTests(comparison.pairs) : [];
  const workload = all.find(({ kind }) => kind === "generate")?.pairs[0]?.workload;
  return workload?.kind === "generate" && workload.parallel === 1 ? workload : usualTest;
}
