/** Machines' names, left of the plot, each led to where its line begins; names that are too long take several lines. */
import { brokenInto, fitted, lineHeight, spread, textWidth } from "../../drawing/textRoom.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { plotHeight, signWidth } from "./room.ts";

/** Width of names with their signs and leaders, in pixels. */
const mostWidth = 160;
/** Pixels from a name to where its line begins. */
const leaderWidth = 14;

/** The lowest name stands beside the axis. */
const lowest = plotHeight - 6 + lineHeight / 2;

/** Pixels that the names take from the plot's width. */
export function labelsWidth(labelled: readonly string[]): number {
  const natural = labelled.map((label) => textWidth(label) + signWidth + leaderWidth);
  return Math.min(mostWidth, Math.max(...natural, 0));
}

interface Labelled {
  readonly label: string;
  /** Where its line begins, in pixels. */
  readonly startX: number;
  readonly startY: number;
}

/** Rows of data for the signs with their leaders, and for the lines of the names. */
export function labelsOf(labelled: readonly Labelled[], series: readonly string[], width: number) {
  const room = width - signWidth - leaderWidth;
  const named = linesFor(
    labelled.map(({ label }) => label),
    room,
  );
  const places = spread(
    labelled.map(({ startY }) => startY),
    named.map(({ length }) => length * lineHeight),
    lowest,
  );
  const placed = labelled.map(({ label, startX, startY }, i) => {
    const { colour, shape } = seriesLook(series.indexOf(label));
    const texts = named[i] ?? [];
    const half = ((texts.length - 1) * lineHeight) / 2;
    // The uppermost may not leave the picture.
    const y = Math.max(6 + half, places[i] ?? 0);
    const endX = signWidth + Math.max(...texts.map(textWidth));
    const lines = texts.map((text, at) => ({ text, full: label, y: y - half + at * lineHeight }));
    return { sign: { colour, shape, y, endX, startX, startY }, lines };
  });
  return {
    labels: placed.map(({ sign }) => sign),
    labelLines: placed.flatMap(({ lines }) => lines),
  };
}

/** Shortened where whole ones of so many machines would be higher than the plot. */
function linesFor(labels: readonly string[], room: number): string[][] {
  const whole = labels.map((label) => brokenInto(label, room));
  return whole.flat().length * lineHeight <= plotHeight
    ? whole
    : labels.map((label) => [fitted(label, room)]);
}
