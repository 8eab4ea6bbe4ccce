/** A picture with what it shows in words. */
import type { Spec } from "vega";
import { config, figureWidth } from "./theme.ts";

export interface Figure {
  /** Part of a file's name: `cliff-writing`. */
  readonly id: string;
  readonly title: string;
  readonly spec: Spec;
  /** What the picture shows, as text, one fact a line. */
  readonly facts: readonly string[];
}

/** Room around what is plotted, for axes and their words. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Width of what is plotted, in the picture's units. */
export function plotWidth({ left, right }: Margins): number {
  return figureWidth - left - right;
}

type Plotted = Pick<Spec, "data" | "scales" | "axes" | "marks"> & { readonly height: number };

/** All pictures have one width, so that one size of letters stays one size wherever they are shown side by side. */
export function chart(plotted: Plotted, margins: Margins): Spec {
  return {
    width: plotWidth(margins),
    padding: { ...margins },
    autosize: "none",
    config,
    ...plotted,
  };
}
