import { describe, expect, it } from "vitest";
import { sustainedText } from "../../src/reporters/sustained.ts";
import { measured } from "../results/journals.ts";
import { caseOf } from "../results/rows.ts";
import { reportText } from "./reportText.ts";

const throttled = {
  ...measured,
  sustain_s: 600,
  burst_ts: 50.2,
  sustained_ts: 31.1,
  sustained_drop: 1 - 31.1 / 50.2,
  throttled_at_s: 142,
  speed_over_time: [
    [0, 50.2],
    [142, 31.1],
    [590, 31.1],
  ] satisfies [number, number][],
};
const said =
  "50.20 t/s in the first 30 s, 31.10 t/s in the last third of 10 min (38% less), fallen at a step after 2 min 22 s";

describe("a sustained speed", () => {
  it("is said with its drop and its moment", () => {
    expect(sustainedText(caseOf(throttled))).toBe(said);
    const steady = caseOf({ ...throttled, throttled_at_s: null, sustained_drop: 0.002 });
    expect(sustainedText(steady)).toContain("(it holds)");
    expect(sustainedText(caseOf(measured))).toBeNull();
  });

  it("is a footnote of the table", () => {
    expect(reportText("table", [throttled])).toContain(`[1] ${said}`);
  });

  it("is drawn in the page, with a line at the step", () => {
    const page = reportText("html", [throttled]);
    expect(page).toContain("Speed over time");
    expect(page).toContain('<polyline points="0.0,4.0 142.0,63.4 590.0,63.4"/>');
    expect(page).toContain('<line class="step" x1="142.0"');
    expect(reportText("html", [measured])).not.toContain("Speed over time");
  });
});
