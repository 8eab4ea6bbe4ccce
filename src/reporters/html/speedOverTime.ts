/** Lines of speed over time, in the unit of each test, one figure a case that was repeated for a time. */
import { formatDuration } from "../../base/duration.ts";
import { unitInFull } from "../../bench/metrics.ts";
import type { CaseRecord } from "../../bench/record.ts";
import { caseName } from "../caseName.ts";
import { escapeHtml } from "../escape.ts";
import { formatSpeed } from "../format.ts";
import { sustainedOf, sustainedText } from "../sustained.ts";

/** Size of the drawing in its own units; it stretches to the figure's width. */
const [width, height] = [600, 160];

function figure(record: CaseRecord): string {
  const text = sustainedText(record);
  const sustained = sustainedOf(record);
  if (text === null || sustained === null) return "";
  const { points, seconds, throttledAtSeconds: step } = sustained;
  if (points.length < 2 || seconds <= 0) return "";
  const top = Math.max(...points.map(([, value]) => value));
  const x = (time: number) => ((time / seconds) * width).toFixed(1);
  const y = (value: number) => (height - (value / top) * (height - 4)).toFixed(1);
  const line = points.map(([time, value]) => `${x(time)},${y(value)}`).join(" ");
  const mark =
    step === null
      ? ""
      : `<line class="step" x1="${x(step)}" x2="${x(step)}" y1="0" y2="${height}"/>`;
  const caption = `${caseName(record)}: ${text}`;
  return `<figure>
<figcaption>${escapeHtml(caption)}</figcaption>
<svg class="time" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${mark}<polyline points="${line}"/></svg>
<p class="soft">From 0 to ${formatSpeed(top)} ${escapeHtml(unitInFull(record.workload))}, over ${formatDuration(seconds)}.</p>
</figure>`;
}

export function speedOverTime(cases: readonly CaseRecord[]): string {
  const figures = cases.map(figure).filter((text) => text !== "");
  return figures.length === 0 ? "" : `<div class="charts">\n${figures.join("\n")}\n</div>`;
}
