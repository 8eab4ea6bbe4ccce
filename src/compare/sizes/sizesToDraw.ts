/** The sizes that say something about these machines: from small models to more than the largest memory holds. */
import { totalGpuBudget, totalMemory } from "../../machine/memoryBudget.ts";
import { weightsBytesOf } from "../caseBytes.ts";
import type { Machine } from "../machines.ts";
import type { Runners } from "./runners.ts";

export interface SizeRange {
  /** Bytes of weights. */
  readonly from: number;
  readonly to: number;
}

const gib = 2 ** 30;
const smallest = 2 * gib;
/** Behind the wall by so many times there is nothing new. */
const behind = 4;
const roundSizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((size) => size * gib);

/** Between round numbers of GiB. */
export function sizesToDraw(machines: readonly Machine[], runners: Runners): SizeRange {
  const measured = machines.flatMap(({ cases }) =>
    cases.flatMap((record) => (record.status === "measured" ? (weightsBytesOf(record) ?? []) : [])),
  );
  const least = measured.reduce((a, b) => Math.min(a, b), smallest);
  const most = runners.all.reduce(
    (a, { predicted: { budget } }) => {
      const gpu = totalGpuBudget(budget);
      return Math.max(a, Math.min(totalMemory(budget), gpu === null ? Infinity : behind * gpu));
    },
    measured.reduce((a, b) => Math.max(a, b), 10 * smallest),
  );
  return {
    from: roundSizes.findLast((size) => size <= least) ?? gib,
    to: roundSizes.find((size) => size >= most) ?? most,
  };
}
