/** What the two cliffs show: how fast each machine writes, and how long it reads before the first word. */
import { isMeasured, type CaseRecord } from "../../../bench/record.ts";
import { testName, type GenerateWorkload } from "../../../bench/workload.ts";
import { pacesOf } from "../../../compare/answers/modelPace.ts";
import { cacheBytesAt, caseBytes, weightsBytesOf } from "../../../compare/caseBytes.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { processorsOf, processorsRank } from "../../../compare/processors.ts";
import { cliffOf } from "../../../compare/sizes/cliff.ts";
import { familyOf } from "../../../compare/sizes/familyOf.ts";
import type { Runners } from "../../../compare/sizes/runners.ts";
import { SizeGrid } from "../../../compare/sizes/sizeGrid.ts";
import { sizesToDraw } from "../../../compare/sizes/sizesToDraw.ts";
import { wallsOf } from "../../../compare/sizes/walls.ts";
import { typicalTests } from "../../../compare/typicalTests.ts";
import { isGeneration } from "../../../compare/workloads.ts";
import { usualBitsPerWeight } from "../../../predict/families/families.ts";
import type { ComparisonReport } from "../comparisonReport.ts";
import type { Figure } from "../figure.ts";
import { cliffFigure } from "./cliff.ts";
import { isDrawable, type CliffPicture, type MeasuredPoint } from "./cliffPicture.ts";

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

/** Of each model where it ran best. */
function generationPoints(machine: Machine, test: GenerateWorkload): MeasuredPoint[] {
  const name = testName(test);
  const best = new Map<string, CaseRecord>();
  for (const record of machine.cases) {
    if (!isGeneration(record) || testName(record.workload) !== name || !isMeasured(record))
      continue;
    const key = modelName(record.model);
    const known = best.get(key);
    if (known === undefined || isBetter(record, known)) best.set(key, record);
  }
  return [...best].flatMap(([model, record]): MeasuredPoint[] => {
    const neededBytes = caseBytes(record);
    if (neededBytes === null || !isMeasured(record)) return [];
    const processors = processorsOf(record);
    return [
      {
        series: machine.label,
        model,
        neededBytes,
        value: record.summary.mean,
        onGpu: processors === null || processors === "gpu" || machine.backend === "cpu",
        mixture: familyOf(record.model) === "mixture",
      },
    ];
  });
}

function isBetter(a: CaseRecord, b: CaseRecord): boolean {
  const rank = processorsRank(a) - processorsRank(b);
  if (rank !== 0 || !isMeasured(a) || !isMeasured(b)) return rank > 0;
  return a.summary.mean > b.summary.mean;
}

/** At other bits a weight, a model of the same bytes has other work: its point would stand beside the line for no reason. */
const nearBits = 1.35;

function readingPoints(machine: Machine, promptTokens: number): MeasuredPoint[] {
  return pacesOf(machine).flatMap((pace): MeasuredPoint[] => {
    const record = pace.tests.find(({ workload }) => workload.kind === "prompt");
    const weightsBytes = record === undefined ? null : weightsBytesOf(record);
    const parameters = record?.model.parameters ?? null;
    if (record === undefined || weightsBytes === null || parameters === null) return [];
    const bits = (weightsBytes * 8) / parameters / usualBitsPerWeight;
    if (bits > nearBits || bits < 1 / nearBits || promptTokens > pace.reading.end) return [];
    const { low, high } = pace.reading.upTo(promptTokens);
    const processors = processorsOf(record);
    return [
      {
        series: machine.label,
        model: pace.name,
        neededBytes: weightsBytes + cacheBytesAt(record, promptTokens),
        value: Math.sqrt(low * high),
        onGpu: processors === null || processors === "gpu" || machine.backend === "cpu",
        mixture: familyOf(record.model) === "mixture",
      },
    ];
  });
}
