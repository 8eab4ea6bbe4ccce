/** A picture with what it shows in words. */
import type { Legend, Scale, Spec } from "vega";
import { config, chartWidth, seriesColour } from "./theme.ts";

export interface Figure {
  /** Part of a file's name: `speed-tg`. */
  readonly id: string;
  readonly title: string;
  readonly spec: Spec;
  /** The same facts as text, one a line. */
  readonly facts: readonly string[];
}

/**
 * A spec with the look that all share, and a legend where there are several series.
 *
 * @param series all of a comparison, so that each has its colour in every picture
 * @param drawn those that the picture shows
 */
export function chart(
  spec: Spec & { readonly height: number },
  series: readonly string[],
  drawn: readonly string[] = series,
): Spec {
  const named = series.filter((label) => drawn.includes(label));
  return {
    width: chartWidth,
    padding: 4,
    autosize: "pad",
    config,
    ...spec,
    scales: [seriesScale(series), ...(spec.scales ?? [])],
    legends: named.length > 1 ? [legend(named)] : [],
  };
}

function seriesScale(series: readonly string[]): Scale {
  return {
    name: "series",
    type: "ordinal",
    domain: [...series],
    range: series.map((_, index) => seriesColour(index)),
  };
}

function legend(series: readonly string[]): Legend {
  const longest = Math.max(...series.map(({ length }) => length));
  return {
    fill: "series",
    values: [...series],
    orient: "top",
    columns: longest > 20 ? 1 : 2,
    symbolType: "square",
    symbolStrokeWidth: 0,
    offset: 6,
  };
}
