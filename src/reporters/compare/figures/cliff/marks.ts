/** How a cliff's parts are drawn: each mark takes its data by name. */
import type { Mark } from "vega";
import { field, marksOf, onScale } from "../../drawing/marks.ts";

const wholeHeight = { y: 0, y2: { signal: "height" } } as const;

const flips = [
  marksOf("flips", "rect", {
    ...wholeHeight,
    x: field("x"),
    x2: field("x2"),
    fill: "var(--raised)",
    description: field("said"),
  }),
  marksOf("flips", "path", { path: field("path"), stroke: "var(--line)", strokeWidth: 1 }),
];

const walls = marksOf("walls", "rule", {
  ...wholeHeight,
  x: field("x"),
  stroke: field("colour"),
  strokeWidth: 1.2,
  strokeDash: field("dash"),
  description: field("said"),
});

/** Below the axis. */
const rail = [
  marksOf("rail", "symbol", {
    x: field("x"),
    y: field("y"),
    size: 40,
    shape: field("shape"),
    fill: field("colour"),
    opacity: field("shown"),
  }),
  marksOf("rail", "text", {
    x: field("x"),
    y: field("y"),
    baseline: "middle",
    text: field("text"),
  }),
];

/** A rule from a model's name down to its points. */
const nameRules = marksOf("names", "rule", {
  x: field("x"),
  y: { field: "y", offset: 6 },
  y2: onScale("y", "value"),
  stroke: "var(--line)",
  strokeWidth: 1,
});

const nameTexts = marksOf("name lines", "text", {
  x: field("from"),
  y: field("y"),
  baseline: "middle",
  text: field("text"),
  description: field("full"),
});

/** A leader from a machine's name to where its line begins. */
const leaders = marksOf("labels", "path", {
  path: {
    signal:
      "'M' + (datum.endX + 3) + ',' + datum.y + 'L' + (datum.startX - 2) + ',' + datum.startY",
  },
  stroke: field("colour"),
  strokeWidth: 1,
});

const lines: Mark = {
  type: "group",
  from: { facet: { name: "path", data: "lines", groupby: "line" } },
  marks: [
    marksOf("path", "line", {
      x: onScale("x", "x"),
      y: onScale("y", "y"),
      stroke: field("colour"),
      strokeWidth: field("width"),
      strokeDash: field("dash"),
    }),
  ],
};

/** Filled where all layers were on the GPU, larger where the model is a mixture of experts. */
const points = marksOf("points", "symbol", {
  x: onScale("x", "x"),
  y: onScale("y", "y"),
  size: { signal: "datum.ring ? 90 : 48" },
  shape: field("shape"),
  stroke: { signal: "datum.filled ? 'var(--ground)' : datum.colour" },
  strokeWidth: { signal: "datum.filled ? 1 : 2" },
  fill: { signal: "datum.filled ? datum.colour : 'var(--ground)'" },
  description: field("said"),
});

const labels = [
  marksOf("labels", "symbol", {
    x: 6,
    y: field("y"),
    size: 48,
    shape: field("shape"),
    fill: field("colour"),
  }),
  marksOf("label lines", "text", {
    x: 14,
    y: field("y"),
    baseline: "middle",
    text: field("text"),
    description: field("full"),
  }),
];

/** All marks, the lowest first. */
export const cliffMarks: readonly Mark[] = [
  ...flips,
  walls,
  nameRules,
  leaders,
  lines,
  points,
  ...labels,
  nameTexts,
  ...rail,
];
