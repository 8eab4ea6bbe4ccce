/** The page's look: the reader's fonts, light or dark as the system is, wide tables that scroll on their own. */
export const style = `
:root {
  color-scheme: light dark;
  --text: #1c2024; --soft: #59626b; --line: #d8dde2; --ground: #ffffff; --raised: #f4f6f8;
  --accent: #1f66c4; --whisker: #14233a; --bad: #a3341f; --good: #1a6b3c;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --text: #e7eaee; --soft: #a3adb8; --line: #39414a; --ground: #15191d; --raised: #1e2429;
    --accent: #5b9bea; --whisker: #f2f5f9; --bad: #f0937f; --good: #6fd09a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem;
  background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p, li, dd { overflow-wrap: anywhere; }
.soft { color: var(--soft); }
a { color: var(--accent); }
.charts { display: grid; gap: 1rem 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
figure { margin: 0; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
.bars { list-style: none; margin: 0; padding: 0; }
.bars li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-bottom: .6rem; font-size: .875rem; }
.bars strong { font-weight: 600; font-variant-numeric: tabular-nums; }
.bars svg { display: block; flex-basis: 100%; height: 12px; }
.bars .track { fill: var(--raised); }
.bars .bar { fill: var(--accent); }
.bars line { stroke: var(--whisker); stroke-width: 2; }
.time { display: block; width: 100%; height: 10rem; background: var(--raised); border-bottom: 1px solid var(--line); }
.time polyline { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
.time .step { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 4 4; vector-effect: non-scaling-stroke; }
.none { color: var(--bad); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
.scroll:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .45rem .7rem; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: var(--raised); padding: 0; }
.right { text-align: right; }
thead button {
  width: 100%; padding: .45rem .7rem; border: 0; background: none; color: inherit;
  font: inherit; font-weight: 600; text-align: inherit; cursor: pointer; white-space: nowrap;
}
thead button::after { content: "\\2195"; margin-left: .35em; color: var(--soft); font-weight: 400; }
[aria-sort="ascending"] button::after { content: "\\2191"; color: inherit; }
[aria-sort="descending"] button::after { content: "\\2193"; color: inherit; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1.25rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
pre { overflow-x: auto; background: var(--raised); border-radius: 8px; padding: .75rem 1rem; font-size: .8125rem; line-height: 1.5; }
.numerals { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: .5rem 2rem; }
.numerals p { margin: 0; }
.numerals strong { display: block; font-size: 2.5rem; line-height: 1.15; font-variant-numeric: tabular-nums; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--soft); }
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.command { position: relative; }
.command pre { padding-right: 5rem; }
.copy { position: absolute; top: .4rem; right: .4rem; padding: .15rem .5rem; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); color: inherit; font: inherit; font-size: .8125rem; cursor: pointer; }
@media (max-width: 40rem) {
  .numerals strong { font-size: 1.75rem; }
}
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@page { margin: 14mm; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h1, h2, h3, figcaption { break-after: avoid; }
  figure, thead, tr, li, .bars li { break-inside: avoid; }
  .scroll { overflow: visible; border: 0; }
  .charts { grid-template-columns: 1fr 1fr; }
  table { font-size: 6.5pt; }
  th, td { white-space: normal; padding: .15rem .2rem; }
  thead button { padding: .15rem .2rem; white-space: normal; }
  details.facts::details-content { content-visibility: visible; block-size: auto; }
  details:not(.facts):not([open]) { display: none; }
  .facts > summary { list-style: none; color: var(--text); font-weight: 600; }
  thead button::after { content: ""; }
  .numerals strong { font-size: 20pt; }
  .copy { display: none; }
  .command pre { padding-right: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0; background: none; }
}
`;
