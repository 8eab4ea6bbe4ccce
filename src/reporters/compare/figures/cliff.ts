/** The cliff: speed over what a model needs, up to the wall of each machine's memory and behind it. */
import type { Spec } from "vega";
import type { CliffLine, Place } from "../../../compare/sizes/cliff.ts";
import { chart, type Figure, type Margins } from "../figure.ts";
import { fitted, lineHeight, spread, textWidth } from "../textRoom.ts";
import { seriesLook } from "../theme.ts";
import { gib, threeDigits } from "../words/phrases.ts";
import { cliffMarks } from "./cliffMarks.ts";
import {
  bytesPerGib,
  innerWidth,
  plotHeight,
  railTop,
  sides,
  signWidth,
  type CliffPicture,
  type MeasuredPoint,
} from "./cliffPicture.ts";
import { leftEnd, pathsOf, placeWords } from "./cliffPaths.ts";
import { flipBand, namesOf, railOf, wallLine } from "./cliffWords.ts";
import { along, logAxis, logScale, logTicks } from "./logAxis.ts";

/** Of machines' names, left of their lines. */
const mostLabelWidth = 160;
/** From a name to where its line begins. */
const leaderWidth = 14;

/** Above and below the plot there is room for as many rows of words as there are. */
function marginsFor(nameRows: number, railRows: number): Margins {
  return {
    ...sides,
    top: 8 + nameRows * lineHeight,
    bottom: railTop + railRows * lineHeight + 20,
  };
}

export function cliffFigure(picture: CliffPicture): Figure {
  return {
    id: picture.id,
    title: picture.title,
    facts: factsOf(picture),
    spec: specOf(picture),
  };
}

function factsOf({ points, cliff, walls, unit, valueOf }: CliffPicture): string[] {
  return [
    ...points.map((point) => saidOf(point, unit)),
    ...walls.map(
      ({ label, bytes, raised }) =>
        `${label}: its GPU holds ${gib(bytes)}${raised ? " if Metal's limit is raised" : ""}`,
    ),
    ...(cliff?.lines ?? []).flatMap((line) =>
      lineFacts(line, (value) => valueText(value, unit), valueOf),
    ),
    ...(cliff?.flips ?? []).map(
      ({ before, after, from, to }) =>
        `predicted: from ${after} being slower than ${before} to being faster between ${gib(from)} and ${gib(to)}`,
    ),
  ];
}

function valueText(value: number, unit: string): string {
  return `${threeDigits(value)} ${unit}`;
}

function saidOf({ model, series, neededBytes, value, onGpu }: MeasuredPoint, unit: string): string {
  const place = onGpu ? "" : ", with layers on the CPU";
  return `${model} (${gib(neededBytes)}), ${series}: ${valueText(value, unit)}${place}`;
}

function lineFacts(
  { label, points }: CliffLine,
  text: (value: number) => string,
  valueOf: (seconds: number) => number,
): string[] {
  return (Object.keys(placeWords) as Place[]).flatMap((place) => {
    const [first, last] = [points[place][0], points[place].at(-1)];
    if (first === undefined || last === undefined) return [];
    const [from, to] = [first, last].map(
      ({ neededBytes, seconds }) => `${text(valueOf(seconds.centre))} at ${gib(neededBytes)}`,
    );
    return [`${label}, predicted ${placeWords[place]}: ${from} to ${to}`];
  });
}

function specOf(picture: CliffPicture): Spec {
  const { cliff, points, walls, series, valueOf, better } = picture;
  const lines = (cliff?.lines ?? []).flatMap((line) => pathsOf(line, series, valueOf));
  const labelled = series.filter(
    (label) =>
      lines.some((one) => one.series === label) || points.some((one) => one.series === label),
  );
  const labelWidth = Math.min(
    mostLabelWidth,
    Math.max(...labelled.map((label) => textWidth(label) + signWidth + leaderWidth), 0),
  );
  const xAxis = logAxis(
    [
      ...points.map(({ neededBytes }) => neededBytes / bytesPerGib),
      ...walls.map(({ bytes }) => bytes / bytesPerGib),
      ...lines.flatMap(({ path }) => path.map(({ x }) => x)),
    ],
    innerWidth - labelWidth,
  );
  const yAxis = logAxis(
    [...points.map(({ value }) => value), ...lines.flatMap(({ path }) => path.map(({ y }) => y))],
    plotHeight,
  );
  const xOf = (gibs: number) => labelWidth + along(xAxis, gibs);
  const yOf = (value: number) =>
    better === "higher" ? plotHeight - along(yAxis, value) : along(yAxis, value);
  const ends = labelled.map((label) => leftEnd(label, lines, points));
  const places = spread(
    ends.map(({ y }) => yOf(y)),
    lineHeight,
    plotHeight - 6,
  );
  const labels = labelled.map((label, i) => {
    const { colour, shape } = seriesLook(series.indexOf(label));
    const { x, y } = ends[i] ?? { x: xAxis.low, y: yAxis.low };
    const text = fitted(label, labelWidth - signWidth - leaderWidth);
    return {
      colour,
      shape,
      text,
      full: label,
      y: Math.max(6, places[i] ?? 0),
      endX: signWidth + textWidth(text),
      startX: xOf(x),
      startY: yOf(y),
    };
  });
  const names = namesOf(picture, xOf);
  const rail = railOf(picture, xOf);
  const railRows = Math.max(0, ...rail.map(({ row }) => row + 1));
  return chart(
    {
      height: plotHeight,
      data: [
        {
          name: "lines",
          values: lines.flatMap(({ path, ...line }, at) =>
            path.map((point) => ({ ...line, ...point, line: at })),
          ),
        },
        { name: "points", values: points.map((point) => pointOf(point, picture)) },
        { name: "rail", values: rail },
        { name: "walls", values: walls.map((wall) => wallLine(wall, series, xOf)) },
        { name: "labels", values: labels },
        { name: "names", values: names },
        {
          name: "flips",
          values: (cliff?.flips ?? []).map((flip) => flipBand(flip, xOf)),
        },
      ],
      scales: [
        logScale("x", xAxis, [labelWidth, innerWidth]),
        logScale("y", yAxis, better === "higher" ? [plotHeight, 0] : [0, plotHeight]),
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
    marginsFor(Math.max(0, ...names.map(({ row }) => row + 1)), railRows),
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
    said: saidOf(point, unit),
  };
}
