/** How much faster a machine works with weights of lower precision, by what it was measured to do without a model. */
import { groupBy } from "../../../base/groupBy.ts";
import { derivedMetrics } from "../../../bench/derivedMetrics.ts";
import type { MeasuredRecord } from "../../../bench/record.ts";
import { isOfMachine, type MatmulWorkload, type ReadWorkload } from "../../../bench/workload.ts";
import type { Machine } from "../../../compare/machines.ts";
import { bestProcessed } from "../../../compare/processors.ts";
import { ggmlTypes, matrixTypeNamed, matrixTypes } from "../../../gguf/ggmlTypes.ts";
import { plain, threeDigits } from "../../format.ts";

type OfType = MeasuredRecord & { readonly workload: ReadWorkload | MatmulWorkload };

/** A sentence a machine for reading weights, and one for each size of products. */
export function precisionSentences(machines: readonly Machine[]): string[] {
  return machines.flatMap((machine) => {
    const records = bestProcessed(machine.cases.filter(({ workload }) => isOfMachine(workload)));
    const tests = groupBy(records.filter(isOfType), ({ workload }) => testOf(workload));
    return [...tests].flatMap(([test, own]) => sentenceOf(machine, test, own));
  });
}

function isOfType(record: MeasuredRecord): record is OfType {
  const { kind } = record.workload;
  return kind === "read" || kind === "matmul";
}

function testOf(workload: ReadWorkload | MatmulWorkload): string {
  return workload.kind === "read" ? "read" : `matmul${workload.size}`;
}

/** `rtx-4090-24gb multiplies (matmul4096), times the speed of f16: ×1.9 in q8_0, ×2.1 in q4_0.` */
function sentenceOf(machine: Machine, test: string, records: readonly OfType[]): string[] {
  const [highest, ...lower] = records.toSorted((a, b) => rankOf(a) - rankOf(b));
  if (highest === undefined || lower.length === 0) return [];
  const gains = lower.flatMap((record) => {
    const gain = gainOf(highest, record);
    return gain === null ? [] : [`×${threeDigits(gain)} in ${record.workload.type}`];
  });
  const does = test === "read" ? "reads weights" : `multiplies (${test})`;
  const against = `${plain(machine.label)} ${does}, times the speed of ${highest.workload.type}`;
  return [`${against}: ${gains.join(", ")}.`];
}

/** The most precise first. */
function rankOf({ workload }: OfType): number {
  return matrixTypes.findIndex((type) => type.toLowerCase() === workload.type);
}

/** How many times as fast as many weights are read, whatever their bytes: in fewer bits they are read sooner. */
function gainOf(highest: OfType, record: OfType): number | null {
  const gain = derivedMetrics.speed_up.of([highest, record]);
  if (gain === null || record.workload.kind === "matmul") return gain;
  const [more, less] = [bytesPerWeight(highest), bytesPerWeight(record)];
  return more === null || less === null ? null : (gain * more) / less;
}

function bytesPerWeight({ workload }: OfType): number | null {
  const type = matrixTypeNamed(workload.type);
  if (type === undefined) return null;
  const { blockSize, blockBytes } = ggmlTypes[type];
  return blockBytes / blockSize;
}
