/** A picture with what it shows in words. */
import type { Spec } from "vega";
import { config, figureWidth } from "./theme.ts";

export interface Figure {
  /** Part of a file's name: `cliff-writing`. */
  readonly id: string;
  readonly title: string;
  readonly spec: Spec;
  /** The same facts as text, one a line. */
  readonly facts: readonly string[];
}

/** Room around what is plotted, for axes and their words. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const usualMargins: Margins = { left: 40, right: 12, top: 6, bottom: 38 };

/** Of what is plotted, in the picture's units. */
export function plotWidth({ left, right }: Margins): number {
  return figureWidth - left - right;
}

type Plotted = Pick<Spec, "data" | "scales" | "axes" | "marks"> & { readonly height: number };

/** All pictures have one width, so that one size of letters stays one size wherever they are shown side by side. */
export function chart(plotted: Plotted, margins: Margins = usualMargins): Spec {
  return {
    width: plotWidth(margins),
    padding: { ...margins },
    autosize: "none",
    config,
    ...plotted,
  };
}
