/** Token generation against the model's size, with the cliff where a GPU no longer holds it. */
import { holdingsOf, speedOf } from "../../../compare/holding.ts";
import type { Holding } from "../../../compare/holding.ts";
import type { Machine } from "../../../compare/machines.ts";
import { gib, threeDigits } from "../../../compare/phrases.ts";
import { chart } from "../figure.ts";
import type { Figure } from "../figure.ts";

const bytesPerGib = 2 ** 30;
const height = 200;

/** Null where no machine ran two sizes. */
export function sizeFigure(machines: readonly Machine[]): Figure | null {
  const points = machines.flatMap((machine) => holdingsOf(machine).flatMap(pointOf));
  if (new Set(points.map(({ size }) => size)).size < 2) return null;
  const budgets = machines.flatMap(({ label, gpuBudgetBytes }) =>
    gpuBudgetBytes === null ? [] : [{ series: label, size: gpuBudgetBytes / bytesPerGib }],
  );
  const largest = Math.max(...points.map(({ size }) => size));
  return {
    id: "size",
    title:
      "Token generation against model size: filled on the GPU, hollow with the CPU, crosses not run; lines are GPU budgets",
    facts: points.map(({ said }) => said),
    spec: chart(
      {
        height,
        data: [
          { name: "points", values: points },
          { name: "budgets", values: budgets.filter(({ size }) => size <= largest * 1.1) },
        ],
        scales: [
          {
            name: "x",
            type: "linear",
            zero: true,
            nice: true,
            domain: [0, largest * 1.05],
            range: "width",
          },
          {
            name: "y",
            type: "linear",
            zero: true,
            nice: true,
            domain: { data: "points", field: "speed" },
            range: "height",
          },
        ],
        axes: [
          { orient: "bottom", scale: "x", title: "weights, GiB", tickCount: 6, format: "~f" },
          {
            orient: "left",
            scale: "y",
            title: "tokens per second",
            tickCount: 5,
            format: "~f",
            grid: true,
          },
        ],
        marks: [
          {
            type: "rule",
            from: { data: "budgets" },
            encode: {
              enter: {
                x: { scale: "x", field: "size" },
                y: { value: 0 },
                y2: { value: height },
                stroke: { scale: "series", field: "series" },
                strokeDash: { value: [5, 3] },
              },
            },
          },
          {
            type: "symbol",
            from: { data: "points" },
            encode: {
              enter: {
                x: { scale: "x", field: "size" },
                y: { scale: "y", field: "speed" },
                size: { value: 55 },
                shape: { field: "shape" },
                stroke: { scale: "series", field: "series" },
                strokeWidth: { value: 2 },
                fill: { scale: "series", field: "series" },
                fillOpacity: { field: "filled" },
                description: { field: "said" },
              },
            },
          },
        ],
      },
      machines.map(({ label }) => label),
    ),
  };
}

function pointOf(holding: Holding) {
  const { name, machine, weightsBytes, onGpu, generations } = holding;
  if (weightsBytes === null || (generations.length === 0 && onGpu !== "no")) return [];
  const ran = generations.length > 0;
  const speed = speedOf(holding);
  const outcome = ran ? `${threeDigits(speed)} t/s` : "not on its GPU";
  return [
    {
      series: machine.label,
      size: weightsBytes / bytesPerGib,
      speed,
      shape: ran ? "circle" : "M-1,-1L1,1M-1,1L1,-1",
      filled: ran && onGpu === "yes" ? 1 : 0,
      said: `${name} (${gib(weightsBytes)}), ${machine.label}: ${outcome}`,
    },
  ];
}
