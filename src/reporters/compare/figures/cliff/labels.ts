/** Machines' names, left of the plot, each led to where its line begins; names that are too long take several lines. */
import { sumOf } from "../../../../base/sumOf.ts";
import { brokenInto, lineHeight, spread, textWidth } from "../../drawing/textRoom.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { signWidth } from "./room.ts";

/** Width of names with their signs and leaders, in pixels. */
const mostWidth = 160;
/** Pixels from a name to where its line begins. */
const leaderWidth = 14;

/** Pixels that the names take from the picture's width. */
export function labelsWidth(labelled: readonly string[]): number {
  const natural = labelled.map((label) => textWidth(label) + signWidth + leaderWidth);
  return Math.min(mostWidth, Math.max(...natural, 0));
}

/** Pixels that the names take from top to bottom. */
export function labelsHeight(labelled: readonly string[], width: number): number {
  return sumOf(labelled, (label) => heightOf(linesOf(label, width).length));
}

interface Labelled {
  readonly label: string;
  /** Where its line begins, in pixels. */
  readonly startX: number;
  readonly startY: number;
}

interface LabelsRoom {
  readonly width: number;
  /** Of the plot. */
  readonly height: number;
}

/** Rows of data for the signs with their leaders, and for the lines of the names. */
export function labelsOf(
  labelled: readonly Labelled[],
  series: readonly string[],
  { width, height }: LabelsRoom,
) {
  const named = labelled.map(({ label }) => linesOf(label, width));
  const places = spread(
    labelled.map(({ startY }) => startY),
    named.map(({ length }) => heightOf(length)),
    // The lowest name stands beside the axis.
    height - 6 + lineHeight / 2,
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

function linesOf(label: string, width: number): string[] {
  return brokenInto(label, width - signWidth - leaderWidth);
}

/** Between names of several lines there is a gap, so that none reads on in the next one. */
function heightOf(lines: number): number {
  return lines * lineHeight + (lines > 1 ? 4 : 0);
}
