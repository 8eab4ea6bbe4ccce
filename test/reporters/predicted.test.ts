import { expect, it } from "vitest";
import type { JournalRow } from "../../src/results/row.ts";
import { measured, unmeasured } from "../results/journals.ts";
import { reportText } from "./reportText.ts";

const full: JournalRow = { ...measured, case_id: "full", predicted_ts: 65.43 };
const partial: JournalRow = { ...measured, case_id: "part", fit: "partial", predicted_ts: 7.89 };
const tooLarge = unmeasured({
  case_id: "none",
  status: "does_not_fit",
  reason: "predicted_oom: needs more",
  fit: "none",
  predicted_ts: 3.21,
});

it.each(["table", "md", "html"] as const)(
  "predictions of what doesn't fit, or not wholly, stand in a column of their own that says so (%s)",
  (format) => {
    const text = reportText(format, [full, partial, tooLarge]);
    expect(text).toContain("predicted t/s");
    expect(text).toContain("7.89");
    expect(text).toContain("3.21 if it fitted");
    expect(text).not.toContain("65.43");
  },
);

it("there is no such column where all was measured on the device", () => {
  expect(reportText("table", [full])).not.toContain("predicted");
});
