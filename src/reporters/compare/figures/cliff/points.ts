/** The measured points of the cliffs: each model where a machine ran it best. */
import { groupBy } from "../../../../base/groupBy.ts";
import type { MeasuredRecord } from "../../../../bench/record.ts";
import { testName, type GenerateWorkload } from "../../../../bench/workload.ts";
import { curvesOf } from "../../../../compare/answers/modelPace.ts";
import { cacheBytesAt, caseBytes, weightsBytesOf } from "../../../../compare/caseBytes.ts";
import type { Machine } from "../../../../compare/machines.ts";
import { modelName } from "../../../../compare/modelNames.ts";
import { bestProcessed, processorsOf } from "../../../../compare/processors.ts";
import { familyOf } from "../../../../compare/sizes/familyOf.ts";
import { isGeneration } from "../../../../compare/workloads.ts";
import { usualBitsPerWeight } from "../../../../predict/families/families.ts";
import type { MeasuredPoint } from "./picture.ts";

/** Tokens per second in one test. */
export function generationPoints(machine: Machine, test: GenerateWorkload): MeasuredPoint[] {
  const name = testName(test);
  const cases = machine.cases.filter(
    (record) => isGeneration(record) && testName(record.workload) === name,
  );
  return [...groupBy(cases, ({ model }) => modelName(model)).values()].flatMap((same) => {
    const [first, ...others] = bestProcessed(same);
    if (first === undefined) return [];
    const best = others.reduce((a, b) => (b.summary.mean > a.summary.mean ? b : a), first);
    const neededBytes = caseBytes(best);
    return neededBytes === null ? [] : [pointOf(machine, best, neededBytes, best.summary.mean)];
  });
}

/** At other bits a weight, a model of the same bytes has other work: its point would stand beside the line for no reason. */
const nearBits = 1.35;

/** Seconds until a prompt of so many tokens is read. */
export function readingPoints(machine: Machine, promptTokens: number): MeasuredPoint[] {
  return curvesOf(machine).flatMap(({ tests, reading }): MeasuredPoint[] => {
    const record = tests.find(({ workload }) => workload.kind === "prompt");
    const weightsBytes = record === undefined ? null : weightsBytesOf(record);
    const parameters = record?.model.parameters ?? null;
    if (record === undefined || weightsBytes === null || parameters === null) return [];
    const bits = (weightsBytes * 8) / parameters / usualBitsPerWeight;
    if (bits > nearBits || bits < 1 / nearBits) return [];
    if (reading === null || promptTokens > reading.end) return [];
    const { low, high } = reading.upTo(promptTokens);
    const neededBytes = weightsBytes + cacheBytesAt(record, promptTokens);
    return [pointOf(machine, record, neededBytes, Math.sqrt(low * high))];
  });
}

function pointOf(
  machine: Machine,
  record: MeasuredRecord,
  neededBytes: number,
  value: number,
): MeasuredPoint {
  const processors = processorsOf(record);
  return {
    series: machine.label,
    model: modelName(record.model),
    neededBytes,
    value,
    onGpu: processors === null || processors === "gpu" || machine.backend === "cpu",
    mixture: familyOf(record.model) === "mixture",
  };
}
