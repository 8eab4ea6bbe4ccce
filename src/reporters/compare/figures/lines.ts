/** Lines over a number, with a band where a value is an interval. */
import type { Mark, Scale, Spec } from "vega";
import { chart } from "../figure.ts";

export interface LinePoint {
  readonly series: string;
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly said: string;
}

interface LineChart {
  readonly points: readonly LinePoint[];
  readonly series: readonly string[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** Of the x axis: a linear one begins at 0. */
  readonly xScale?: "linear" | "log";
  readonly withDots?: boolean;
}

const height = 190;

export function lineChart({
  points,
  series,
  xTitle,
  yTitle,
  xScale = "linear",
  withDots = true,
}: LineChart): Spec {
  const values = points.map((point) => ({ ...point, y: (point.low + point.high) / 2 }));
  return chart(
    {
      height,
      data: [{ name: "points", values }],
      scales: [
        xScale === "log"
          ? { name: "x", type: "log", domain: { data: "points", field: "x" }, range: "width" }
          : {
              name: "x",
              type: "linear",
              zero: true,
              domain: { data: "points", field: "x" },
              range: "width",
            },
        yAxisScale,
      ],
      axes: [
        { orient: "bottom", scale: "x", title: xTitle, tickCount: 5, format: "~f" },
        { orient: "left", scale: "y", title: yTitle, tickCount: 5, format: "~f", grid: true },
      ],
      marks: [
        {
          type: "group",
          from: { facet: { name: "line", data: "points", groupby: "series" } },
          marks: [band, line, ...(withDots ? [dots] : [])],
        },
      ],
    },
    series,
    points.map((point) => point.series),
  );
}

const yAxisScale: Scale = {
  name: "y",
  type: "linear",
  zero: true,
  nice: true,
  domain: { data: "points", field: "high" },
  range: "height",
};

const position = { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" } };

const band: Mark = {
  type: "area",
  from: { data: "line" },
  encode: {
    enter: {
      x: { scale: "x", field: "x" },
      y: { scale: "y", field: "low" },
      y2: { scale: "y", field: "high" },
      fill: { scale: "series", field: "series" },
      opacity: { value: 0.25 },
    },
  },
};

const line: Mark = {
  type: "line",
  from: { data: "line" },
  encode: {
    enter: { ...position, stroke: { scale: "series", field: "series" }, strokeWidth: { value: 2 } },
  },
};

const dots: Mark = {
  type: "symbol",
  from: { data: "line" },
  encode: {
    enter: {
      ...position,
      size: { value: 30 },
      fill: { scale: "series", field: "series" },
      description: { field: "said" },
    },
  },
};
