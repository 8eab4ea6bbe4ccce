/** Single shapes of a map and its legend. */
import type { Mark } from "vega";
import type { Box } from "./hatch.ts";

export function boxMark(box: Box, fill: string, opacity: number): Mark {
  const { x, x2, y, y2 } = box;
  return {
    type: "rect",
    encode: {
      enter: {
        x: { value: x },
        x2: { value: x2 },
        y: { value: y },
        y2: { value: y2 },
        fill: { value: fill },
        fillOpacity: { value: opacity },
      },
    },
  };
}

export function pathMark(path: string, stroke: string, strokeWidth: number): Mark {
  return {
    type: "path",
    encode: {
      enter: {
        path: { value: path },
        stroke: { value: stroke },
        strokeWidth: { value: strokeWidth },
      },
    },
  };
}

export function glyphMark(x: number, y: number, shape: string): Mark {
  return {
    type: "symbol",
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        size: { value: 30 },
        shape: { value: shape },
        fill: { value: "var(--ground)" },
      },
    },
  };
}

export function dotMark(x: number, y: number): Mark {
  return {
    type: "symbol",
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        size: { value: 44 },
        shape: { value: "circle" },
        fill: { value: "var(--text)" },
        stroke: { value: "var(--ground)" },
        strokeWidth: { value: 1.5 },
      },
    },
  };
}
