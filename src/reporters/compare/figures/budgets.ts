/** GPU budgets as vertical lines; those of one size take turns along the line, so that each can be seen. */
import type { Mark } from "vega";
import type { Machine } from "../../../compare/machines.ts";
import { gib } from "../words/phrases.ts";

export interface BudgetLine {
  readonly series: string;
  /** GiB. */
  readonly budget: number;
  /** Pixels drawn and left out. */
  readonly dash: readonly [number, number];
  readonly dashOffset: number;
  /** With all that stand in its place. */
  readonly said: string;
}

const bytesPerGib = 2 ** 30;

/** Of one dash and the gap behind it, in pixels. */
const [dashLength, gapLength] = [6, 3];

/** Lines closer than this cover each other, in pixels: they are 2 wide. */
const apart = 3;

export function budgetLines(
  machines: readonly Machine[],
  pixelsPerGib: number,
): readonly BudgetLine[] {
  const known = machines
    .flatMap(({ label, gpuBudgetBytes }) =>
      gpuBudgetBytes === null ? [] : [{ label, bytes: gpuBudgetBytes }],
    )
    .toSorted((a, b) => a.bytes - b.bytes);
  const clusters: (typeof known)[] = [];
  for (const one of known) {
    const last = clusters.at(-1);
    const gapGib = (one.bytes - (last?.at(-1)?.bytes ?? 0)) / bytesPerGib;
    if (last !== undefined && gapGib * pixelsPerGib < apart) last.push(one);
    else clusters.push([one]);
  }
  return clusters.flatMap((cluster) => {
    const said = cluster.map(({ label, bytes }) => `${label}: ${gib(bytes)}`).join(", ");
    const period = (dashLength + gapLength) * cluster.length;
    return cluster.map(({ label, bytes }, turn) => ({
      series: label,
      budget: bytes / bytesPerGib,
      dash: [dashLength, period - dashLength] as const,
      dashOffset: period - turn * (dashLength + gapLength),
      said,
    }));
  });
}

/** @param height of the lines, in pixels */
export function budgetMark(height: number): Mark {
  return {
    type: "rule",
    from: { data: "budgets" },
    encode: {
      enter: {
        x: { scale: "x", field: "budget" },
        y: { value: 0 },
        y2: { value: height },
        stroke: { scale: "series", field: "series" },
        strokeWidth: { value: 2 },
        strokeDash: { field: "dash" },
        strokeDashOffset: { field: "dashOffset" },
        description: { field: "said" },
      },
    },
  };
}
