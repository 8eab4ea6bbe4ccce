import { expect, it } from "vitest";
import { measured } from "../results/journals.ts";
import { reportText } from "./reportText.ts";

const apart = { ...measured, launches: 2, avg_ts: 40, ci95_low_ts: -87.1, ci95_high_ts: 167.1 };

it.each(["md", "html"] as const)(
  "an interval of two launches far apart begins at 0 for readers: no speed is below (%s)",
  (format) => {
    const text = reportText(format, [apart]);
    expect(text).toContain("0.00 to 167.10");
    expect(text).not.toContain("-87.10 to");
  },
);

it("the CSV keeps it as it was reckoned", () => {
  const text = reportText("csv", [apart]);
  expect(text).toContain(",-87.1,167.1,");
});
