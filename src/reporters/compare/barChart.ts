/** Bars in groups, with their interval as a whisker; a bar without data says why. */
import type { Mark, Spec } from "vega";
import { chart } from "./figure.ts";

export interface Bar {
  readonly group: string;
  readonly series: string;
  /** Null where there is none, and `note` says why. */
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  /** The value as text, with its unit. */
  readonly label: string;
  readonly note?: string;
  /** The note tells of the file, not of the machine. */
  readonly unmeasured?: boolean;
}

const barHeight = 13;
const titleHeight = 16;
const gap = 7;

/** In pixels, in the colour of a machine without a value: it has its place, and says why nothing is there. */
const stubWidth = 4;

/** Room to the right of the longest bar for its value, as a share of the scale. */
const labelRoom = 1.28;

export function barChart(bars: readonly Bar[], series: readonly string[], axisTitle: string): Spec {
  const { placed, titles, height } = layOut(bars);
  const longest = Math.max(...bars.map(({ value, high }) => Math.max(value ?? 0, high ?? 0)), 0);
  return chart(
    {
      height,
      data: [
        { name: "bars", values: placed },
        { name: "titles", values: titles },
      ],
      scales: [
        { name: "x", type: "linear", domain: [0, longest * labelRoom || 1], range: "width" },
      ],
      axes: [{ orient: "bottom", scale: "x", title: axisTitle, tickCount: 5, format: "~f" }],
      marks: [...barMarks, ...whiskerMarks, titleMark],
    },
    series,
  );
}

function layOut(bars: readonly Bar[]) {
  const placed: object[] = [];
  const titles: object[] = [];
  let y = 0;
  let group: string | null = null;
  for (const bar of bars) {
    if (bar.group !== group) {
      if (group !== null) y += gap;
      titles.push({ y: y + titleHeight - 4, text: bar.group });
      y += titleHeight;
      ({ group } = bar);
    }
    placed.push({
      ...bar,
      y,
      end: Math.max(bar.value ?? 0, bar.high ?? 0),
      text: bar.value === null ? (bar.note ?? "") : bar.label,
      said: `${bar.group}, ${bar.series}: ${bar.value === null ? (bar.note ?? "no data") : bar.label}`,
    });
    y += barHeight + 1;
  }
  return { placed, titles, height: y + 2 };
}

const barMarks: Mark[] = [
  {
    type: "rect",
    from: { data: "bars" },
    encode: {
      enter: {
        x: { scale: "x", value: 0 },
        x2: { signal: `datum.value === null ? ${stubWidth} : scale('x', datum.value)` },
        y: { field: "y" },
        height: { value: barHeight },
        fill: { scale: "series", field: "series" },
        description: { field: "said" },
      },
    },
  },
  {
    type: "text",
    from: { data: "bars" },
    encode: {
      enter: {
        x: {
          scale: "x",
          field: "end",
          offset: { signal: `datum.value === null ? ${stubWidth + 4} : 4` },
        },
        y: { field: "y", offset: barHeight / 2 },
        baseline: { value: "middle" },
        text: { field: "text" },
        fill: {
          signal:
            "datum.value !== null ? 'var(--text)' : datum.unmeasured ? 'var(--soft)' : 'var(--bad)'",
        },
      },
    },
  },
];

const hasInterval = "datum.value !== null && isValid(datum.low) && isValid(datum.high)";

/** Drawn twice: in the ground's colour below, so that it shows on the bar as well as beside it. */
const whiskerMarks: Mark[] = [3, 1.25].map((strokeWidth) => ({
  type: "rule",
  from: { data: "bars" },
  encode: {
    enter: {
      x: { scale: "x", signal: "isValid(datum.low) ? datum.low : 0" },
      x2: { scale: "x", signal: "isValid(datum.high) ? datum.high : 0" },
      y: { field: "y", offset: barHeight / 2 },
      stroke: { value: strokeWidth > 2 ? "var(--ground)" : "var(--text)" },
      strokeWidth: { value: strokeWidth },
      opacity: { signal: `${hasInterval} ? 1 : 0` },
    },
  },
}));

const titleMark: Mark = {
  type: "text",
  from: { data: "titles" },
  encode: {
    enter: {
      x: { value: 0 },
      y: { field: "y" },
      text: { field: "text" },
      fontWeight: { value: 600 },
    },
  },
};
