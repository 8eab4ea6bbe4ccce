/** How pictures look. Colours go by name, so that a page's light or dark decides; alone a picture brings its own. */
import type { Config } from "vega";

/**
 * Told apart by people without red or green cones as well, since they differ in lightness where their hues meet, and three
 * to one against the ground at least (WCAG 2.2, 1.4.11). Tests simulate both.
 */
export const lightColours = ["#0060a0", "#d9541a", "#22303c", "#7253f4", "#1f9e8f", "#503a00"];
export const darkColours = ["#4aa8ee", "#ff9a5c", "#e8eef2", "#a54c99", "#44ac82", "#dfde00"];

/** What pictures have beside their colour: shapes of points and dashes of lines. */
const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"] as const;
const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4]] as const;

const vars = (colours: readonly string[]) =>
  colours.map((colour, i) => `--series-${i}: ${colour};`).join(" ");

/** What stands for one machine in all pictures, by its place in the comparison. */
export interface SeriesLook {
  readonly colour: string;
  readonly shape: string;
  readonly dash: readonly number[];
}

export function seriesLook(index: number): SeriesLook {
  const at = index % lightColours.length;
  return {
    colour: `var(--series-${at})`,
    shape: shapes[at] ?? "circle",
    dash: dashes[at] ?? [],
  };
}

/** Lines that cross a label leave it readable. */
const halo =
  ".role-mark text { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round; }";

/** Goes into the page's own style. Paper is light. */
export const chartStyle = `
:root { ${vars(lightColours)} }
@media screen and (prefers-color-scheme: dark) { :root { ${vars(darkColours)} } }
${halo}
`;

/** Goes into a picture that stands alone. */
const ownStyle = `<style>
svg { --text: #1c2024; --soft: #59626b; --line: #d8dde2; --ground: #ffffff; --raised: #eef1f4; --bad: #a3341f; ${vars(lightColours)} background: var(--ground); font-family: system-ui, sans-serif; }
${halo}
@media (prefers-color-scheme: dark) { svg { --text: #e7eaee; --soft: #a3adb8; --line: #39414a; --ground: #15191d; --raised: #2a3138; --bad: #f0937f; ${vars(darkColours)} } }
</style>`;

export function standalone(svg: string): string {
  return `${svg.replace(/>/, `>${ownStyle}`)}\n`;
}

/** Size of every word in every picture, in the picture's own units. */
export const fontSize = 12;

/** Width of every picture, in its own units: a phone shows it as it is, a desktop larger. */
export const figureWidth = 420;

export const config: Config = {
  background: "transparent",
  axis: {
    labelColor: "var(--soft)",
    titleColor: "var(--soft)",
    domainColor: "var(--line)",
    tickColor: "var(--line)",
    gridColor: "var(--line)",
    labelFontSize: fontSize,
    titleFontSize: fontSize,
    titleFontWeight: "normal",
    labelFont: "inherit",
    titleFont: "inherit",
    labelFlush: false,
    labelOverlap: true,
  },
  text: { fill: "var(--text)", fontSize, font: "inherit" },
};
