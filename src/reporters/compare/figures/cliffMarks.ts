/** How a cliff's parts are drawn: each mark takes its data by name. */
import type { Mark } from "vega";

const flipMark: Mark = {
  type: "rect",
  from: { data: "flips" },
  encode: {
    enter: {
      x: { field: "x" },
      x2: { field: "x2" },
      y: { value: 0 },
      y2: { signal: "height" },
      fill: { value: "var(--raised)" },
      description: { field: "said" },
    },
  },
};

const flipHatch: Mark = {
  type: "path",
  from: { data: "flips" },
  encode: {
    enter: { path: { field: "path" }, stroke: { value: "var(--line)" }, strokeWidth: { value: 1 } },
  },
};

const wallMark: Mark = {
  type: "rule",
  from: { data: "walls" },
  encode: {
    enter: {
      x: { field: "x" },
      y: { value: 0 },
      y2: { signal: "height" },
      stroke: { field: "colour" },
      strokeWidth: { value: 1.2 },
      strokeDash: { field: "dash" },
      description: { field: "said" },
    },
  },
};

const railMarks: Mark[] = [
  {
    type: "symbol",
    from: { data: "rail" },
    encode: {
      enter: {
        x: { field: "x" },
        y: { field: "y" },
        size: { value: 40 },
        shape: { field: "shape" },
        fill: { field: "colour" },
        opacity: { field: "shown" },
      },
    },
  },
  {
    type: "text",
    from: { data: "rail" },
    encode: {
      enter: {
        x: { field: "x" },
        y: { field: "y" },
        baseline: { value: "middle" },
        text: { field: "text" },
      },
    },
  },
];

const nameRules: Mark = {
  type: "rule",
  from: { data: "names" },
  encode: {
    enter: {
      x: { field: "x" },
      y: { field: "y", offset: 6 },
      y2: { scale: "y", field: "value" },
      stroke: { value: "var(--line)" },
      strokeWidth: { value: 1 },
    },
  },
};

const nameTexts: Mark = {
  type: "text",
  from: { data: "names" },
  encode: {
    enter: {
      x: { field: "from" },
      y: { field: "y" },
      baseline: { value: "middle" },
      text: { field: "text" },
      description: { field: "full" },
    },
  },
};

/** From a machine's name to where its line begins. */
const leaders: Mark = {
  type: "path",
  from: { data: "labels" },
  encode: {
    enter: {
      path: {
        signal:
          "'M' + (datum.endX + 3) + ',' + datum.y + 'L' + (datum.startX - 2) + ',' + datum.startY",
      },
      stroke: { field: "colour" },
      strokeWidth: { value: 1 },
    },
  },
};

const lineMarks: Mark = {
  type: "group",
  from: { facet: { name: "path", data: "lines", groupby: "line" } },
  marks: [
    {
      type: "line",
      from: { data: "path" },
      encode: {
        enter: {
          x: { scale: "x", field: "x" },
          y: { scale: "y", field: "y" },
          stroke: { field: "colour" },
          strokeWidth: { field: "width" },
          strokeDash: { field: "dash" },
        },
      },
    },
  ],
};

const symbols: Mark = {
  type: "symbol",
  from: { data: "points" },
  encode: {
    enter: {
      x: { scale: "x", field: "x" },
      y: { scale: "y", field: "y" },
      size: { signal: "datum.ring ? 90 : 48" },
      shape: { field: "shape" },
      stroke: { signal: "datum.filled ? 'var(--ground)' : datum.colour" },
      strokeWidth: { signal: "datum.filled ? 1 : 2" },
      fill: { signal: "datum.filled ? datum.colour : 'var(--ground)'" },
      description: { field: "said" },
    },
  },
};

const labelMarks: Mark[] = [
  {
    type: "symbol",
    from: { data: "labels" },
    encode: {
      enter: {
        x: { value: 6 },
        y: { field: "y" },
        size: { value: 48 },
        shape: { field: "shape" },
        fill: { field: "colour" },
      },
    },
  },
  {
    type: "text",
    from: { data: "labels" },
    encode: {
      enter: {
        x: { value: 14 },
        y: { field: "y" },
        baseline: { value: "middle" },
        text: { field: "text" },
        description: { field: "full" },
      },
    },
  },
];

/** From the ground up. */
export const cliffMarks: readonly Mark[] = [
  flipMark,
  flipHatch,
  wallMark,
  nameRules,
  leaders,
  lineMarks,
  symbols,
  ...labelMarks,
  nameTexts,
  ...railMarks,
];
