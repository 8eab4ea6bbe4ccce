/** The cliff: speed over what a model needs, up to the wall of each machine's memory and behind it. */
import type { Spec } from "vega";
import { chart, type Figure, type Margins } from "../../drawing/chart.ts";
import { along, logAxis, logScale, logTicks } from "../../drawing/logAxis.ts";
import { lineHeight } from "../../drawing/textRoom.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { bytesPerGib } from "../../words/phrases.ts";
import { factsOf, pointText } from "./facts.ts";
import { labelsHeight, labelsOf, labelsWidth } from "./labels.ts";
import { leftEnd, linesOf } from "./lines.ts";
import { cliffMarks } from "./marks.ts";
import type { CliffPicture, MeasuredPoint } from "./picture.ts";
import { innerWidth, leastPlotHeight, railTop, sides } from "./room.ts";
import { flipBand, namesOf, railOf, wallLine } from "./words.ts";

export function cliffFigure(picture: CliffPicture): Figure {
  return {
    id: picture.id,
    title: picture.title,
    facts: factsOf(picture),
    spec: specOf(picture),
  };
}

function specOf(picture: CliffPicture): Spec {
  const { cliff, points, walls, series, valueOf, better } = picture;
  const lines = (cliff?.lines ?? []).flatMap((line) => linesOf(line, series, valueOf));
  const labelled = series.filter(
    (label) =>
      lines.some((one) => one.series === label) || points.some((one) => one.series === label),
  );
  const left = labelsWidth(labelled);
  const height = Math.max(leastPlotHeight, labelsHeight(labelled, left));
  const xAxis = logAxis(
    [
      ...points.map(({ neededBytes }) => neededBytes / bytesPerGib),
      ...walls.map(({ bytes }) => bytes / bytesPerGib),
      ...lines.flatMap(({ path }) => path.map(({ x }) => x)),
    ],
    innerWidth - left,
  );
  const yAxis = logAxis(
    [...points.map(({ value }) => value), ...lines.flatMap(({ path }) => path.map(({ y }) => y))],
    height,
  );
  const xOf = (gibs: number) => left + along(xAxis, gibs);
  const yOf = (value: number) =>
    better === "higher" ? height - along(yAxis, value) : along(yAxis, value);
  const starts = labelled.map((label) => {
    const { x, y } = leftEnd(label, lines, points);
    return { label, startX: xOf(x), startY: yOf(y) };
  });
  const { labels, labelLines } = labelsOf(starts, series, { width: left, height });
  const place = { xOf, height };
  const names = namesOf(picture, place);
  const rail = railOf(picture, place);
  const railRows = rowsIn(rail);
  return chart(
    {
      height,
      data: [
        {
          name: "lines",
          values: lines.flatMap(({ path, ...line }, at) =>
            path.map((point) => ({ ...line, ...point, line: at })),
          ),
        },
        { name: "points", values: points.map((point) => pointOf(point, picture)) },
        { name: "rail", values: rail },
        { name: "walls", values: walls.map((wall) => wallLine(wall, series, place)) },
        { name: "labels", values: labels },
        { name: "label lines", values: labelLines },
        { name: "names", values: names },
        { name: "name lines", values: names.flatMap(({ lines: own }) => own) },
        { name: "flips", values: (cliff?.flips ?? []).map((flip) => flipBand(flip, place)) },
      ],
      scales: [
        logScale("x", xAxis, [left, innerWidth]),
        logScale("y", yAxis, better === "higher" ? [height, 0] : [0, height]),
      ],
      axes: [
        {
          orient: "bottom",
          scale: "x",
          title: "weights and KV cache, GiB",
          titleY: railTop + railRows * lineHeight + 2,
          ...logTicks(xAxis, 30),
        },
        {
          orient: "left",
          scale: "y",
          title: picture.yTitle,
          grid: true,
          titleX: -40,
          ...logTicks(yAxis, 18),
        },
      ],
      marks: [...cliffMarks],
    },
    marginsFor(rowsIn(names), railRows),
  );
}

function pointOf(point: MeasuredPoint, { series, unit }: CliffPicture) {
  const { colour, shape } = seriesLook(series.indexOf(point.series));
  return {
    x: point.neededBytes / bytesPerGib,
    y: point.value,
    colour,
    shape,
    filled: point.onGpu ? 1 : 0,
    ring: point.mixture,
    said: pointText(point, unit),
  };
}

/** Number of rows up to the last one that is taken. */
function rowsIn(placed: readonly { readonly lastRow: number }[]): number {
  return Math.max(0, ...placed.map(({ lastRow }) => lastRow + 1));
}

/** Above and below the plot there is room for as many rows of words as there are. */
function marginsFor(nameRows: number, railRows: number): Margins {
  return {
    ...sides,
    top: 8 + nameRows * lineHeight,
    bottom: railTop + railRows * lineHeight + 20,
  };
}
