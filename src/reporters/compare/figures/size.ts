/** Token generation against the model's size, with the cliff where a GPU no longer holds it. */
import type { Mark, Spec } from "vega";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { generationSpeed, modelsOn, type ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import { isOnGpu } from "../../../compare/processors.ts";
import { chart, type Figure } from "../figure.ts";
import { chartWidth } from "../theme.ts";
import { gib, threeDigits } from "../words/phrases.ts";
import { budgetLines, budgetMark } from "./budgets.ts";
import { dodge } from "./dodge.ts";

const bytesPerGib = 2 ** 30;
/** Of speeds, in pixels. */
const height = 200;
/** Below them a lane for each machine with models that it didn't run. */
const laneHeight = 9;

/** Null where no machine ran two sizes. */
export function sizeFigure(machines: readonly Machine[]): Figure | null {
  const points = machines.flatMap((machine) => modelsOn(machine).flatMap(pointOf));
  if (new Set(points.map(({ size }) => size)).size < 2) return null;
  return {
    id: "size",
    title:
      "Token generation against model size: filled on the GPU, hollow with the CPU, crosses not run; lines are GPU budgets",
    facts: points.map(({ said }) => said),
    spec: specOf(points, machines),
  };
}

type Point = ReturnType<typeof pointOf>[number];

function specOf(points: readonly Point[], machines: readonly Machine[]): Spec {
  const right = Math.max(...points.map(({ size }) => size)) * 1.08;
  const top = Math.max(...points.map(({ speed }) => speed ?? 0)) * 1.08 || 1;
  const lanes = [...new Set(points.flatMap(({ speed, series }) => (speed === null ? series : [])))];
  const below = lanes.length === 0 ? 0 : (lanes.length + 0.5) * laneHeight;
  const pixelsPerGib = chartWidth / right;
  const budgets = budgetLines(machines, pixelsPerGib).filter(({ budget }) => budget <= right);
  const places = points.map(({ size, speed, series }) => ({
    x: size * pixelsPerGib,
    y:
      speed === null
        ? height + (lanes.indexOf(series) + 1) * laneHeight
        : height * (1 - speed / top),
  }));
  const aside = dodge(places);
  const title = `weights, GiB${aside.some((dx) => dx !== 0) ? " (points that meet stand side by side)" : ""}`;
  const values = points.map((point, at) => ({ ...point, y: places[at]?.y, aside: aside[at] }));
  const drawn = [...points, ...budgets].map(({ series }) => series);
  return chart(
    {
      height: height + below,
      data: [
        { name: "points", values },
        { name: "budgets", values: [...budgets] },
      ],
      scales: [
        { name: "x", type: "linear", domain: [0, right], range: "width" },
        { name: "y", type: "linear", domain: [0, top], range: [height, 0] },
      ],
      axes: [
        { orient: "bottom", scale: "x", title, tickCount: 6, format: "~f" },
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
        budgetMark(height + below),
        symbols,
        ...(below === 0 ? [] : [laneLabel(height + below / 2)]),
      ],
    },
    machines.map(({ label }) => label),
    drawn,
  );
}

const symbols: Mark = {
  type: "symbol",
  from: { data: "points" },
  encode: {
    enter: {
      x: { scale: "x", field: "size", offset: { field: "aside" } },
      y: { field: "y" },
      size: { signal: "datum.speed === null ? 30 : 34" },
      shape: { field: "shape" },
      stroke: { scale: "series", field: "series" },
      strokeWidth: { value: 2 },
      fill: { scale: "series", field: "series" },
      fillOpacity: { field: "filled" },
      description: { field: "said" },
    },
  },
};

function laneLabel(y: number): Mark {
  return {
    type: "text",
    encode: {
      enter: {
        x: { value: -6 },
        y: { value: y },
        align: { value: "right" },
        baseline: { value: "middle" },
        text: { value: "not run" },
        fill: { value: "var(--soft)" },
      },
    },
  };
}

function pointOf(model: ModelOnMachine) {
  const { name, machine, weightsBytes, onGpu, generations } = model;
  const ran = generations.length > 0;
  if (weightsBytes === null || !(ran || onGpu === "no" || isTooLarge(model))) return [];
  const speed = ran ? generationSpeed(model) : null;
  const misfit = onGpu === "no" ? "not on its GPU" : "does not fit";
  const outcome = speed === null ? misfit : `${threeDigits(speed)} t/s`;
  return [
    {
      series: machine.label,
      size: weightsBytes / bytesPerGib,
      speed,
      shape: ran ? "circle" : "M-1,-1L1,1M-1,1L1,-1",
      filled: generations.some(isOnGpu) ? 1 : 0,
      said: `${name} (${gib(weightsBytes)}), ${machine.label}: ${outcome}`,
    },
  ];
}

/** For a machine without a GPU. */
function isTooLarge({ machine, name, onGpu }: ModelOnMachine): boolean {
  return (
    onGpu === "no_gpu" &&
    machine.cases.some(
      ({ status, model }) => status === "does_not_fit" && modelName(model) === name,
    )
  );
}
