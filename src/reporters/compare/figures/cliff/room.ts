/** The room that a cliff has, in the pictures' own units. */
import { plotWidth } from "../../drawing/chart.ts";

/** A plot is higher where machines' names beside it take more. */
export const leastPlotHeight = 230;

/** Width of a machine's sign before a word. */
export const signWidth = 14;

/** Height from the axis down to the first row of words below it, past the ticks'. */
export const railTop = 24;

/** The sides of the plot; above and below it there is room for as many rows of words as there are. */
export const sides = { left: 54, right: 12 } as const;
export const innerWidth = plotWidth({ ...sides, top: 0, bottom: 0 });
