import { describe, expect, it } from "vitest";
import { measured, unmeasured, written } from "../results/journals.ts";
import { reportText } from "./reportText.ts";

const timed = written({
  ...measured,
  case_id: "timed",
  token_p50_ms: 14.912,
  token_p90_ms: 15.4,
  token_p99_ms: 112.7,
});
const few = written({ ...measured, case_id: "few", token_p50_ms: 1.2345, token_p90_ms: 0.98765 });
const prompt = written({ ...measured, case_id: "pp", test: "pp512", n_prompt: 512, n_gen: 0 });
const failed = unmeasured({ case_id: "failed", status: "failed", reason: "crashed: SIGSEGV" });

const heading = "token ms p50 / p90 / p99";

describe.each(["md", "html"] as const)("a document (%s)", (format) => {
  it("shows the times of single tokens where a case has them, to three digits", () => {
    const text = reportText(format, [timed, few, prompt, failed]);
    expect(text).toContain(heading);
    expect(text).toContain("14.9 / 15.4 / 113");
    expect(text).toContain("1.23 / 0.988 / –");
  });

  it("has no such column where no case has them", () => {
    expect(reportText(format, [measured, prompt, failed])).not.toContain("token ms");
  });
});

describe("the table", () => {
  it("shows them on demand alone", () => {
    expect(reportText("table", [timed])).not.toContain(heading);
    const text = reportText("table", [timed, prompt], { tokenTimes: true });
    expect(text.split("\n")[0]).toContain(heading);
    expect(text).toContain("14.9 / 15.4 / 113");
    expect(text).not.toContain("No case has token times");
  });

  it("says that there are none where they are asked for", () => {
    const text = reportText("table", [measured, prompt], { tokenTimes: true });
    expect(text).not.toContain(heading);
    expect(text).toContain("No case has token times");
    expect(reportText("table", [measured])).not.toContain("No case has token times");
  });
});

it("a page sorts them by the median", () => {
  expect(reportText("html", [timed])).toContain('data-sort="14.912">14.9 / 15.4 / 113<');
});
