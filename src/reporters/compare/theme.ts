/** Colours of pictures: by name, so that a page's light or dark decides; alone they bring their own. */
import type { Config } from "vega";

/** Okabe & Ito's palette for all kinds of colour vision (jfly.uni-koeln.de/color, 2008), darkened for a white ground. */
const light = ["#0068a8", "#c2410c", "#00794f", "#a8397f", "#8a6100", "#5b5bd6"];
const dark = ["#5cb3ec", "#f59056", "#3fcf9f", "#e59ac6", "#e6b94a", "#a5a5f5"];

const vars = (colours: readonly string[]) =>
  colours.map((colour, i) => `--series-${i}: ${colour};`).join(" ");

export const seriesColour = (index: number) => `var(--series-${index % light.length})`;

/** Lines that cross a label leave it readable. */
const halo =
  ".role-mark text { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round; }";

/** Goes into the page's own style. Paper is light. */
export const chartStyle = `
:root { ${vars(light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${vars(dark)} } }
${halo}
`;

/** Goes into a picture that stands alone. */
const ownStyle = `<style>
svg { --text: #1c2024; --soft: #59626b; --line: #d8dde2; --ground: #ffffff; --raised: #eef1f4; --bad: #a3341f; ${vars(light)} background: var(--ground); font-family: system-ui, sans-serif; }
${halo}
@media (prefers-color-scheme: dark) { svg { --text: #e7eaee; --soft: #a3adb8; --line: #39414a; --ground: #15191d; --raised: #2a3138; --bad: #f0937f; ${vars(dark)} } }
</style>`;

export function standalone(svg: string): string {
  return `${svg.replace(/>/, `>${ownStyle}`)}\n`;
}

const fontSize = 11;

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
  },
  legend: { labelColor: "var(--text)", labelFontSize: fontSize, labelFont: "inherit" },
  text: { fill: "var(--text)", fontSize, font: "inherit" },
};

/** Inner width in pixels: a phone's, less its margins and the axis; a desktop shows it larger. */
export const chartWidth = 300;
