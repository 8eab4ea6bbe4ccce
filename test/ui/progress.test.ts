import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgress, progressStyle, type ProgressStyle } from "../../src/ui/progress.ts";

/** A stream that keeps what it is given; `isTTY` as a terminal has it. */
function terminal(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 100,
    rows: 24,
    getWindowSize: () => [100, 24],
  });
  return { stream, written: () => String(stream.read() ?? "") };
}

function printed(style: ProgressStyle, isTTY: boolean): string {
  const { stream, written } = terminal(isTTY);
  const progress = createProgress(style, stream);
  progress.line("loading");
  progress.begin({
    label: "writing weights",
    total: 100,
    quarters: true,
    describe: (done) => `${done} of 100`,
  });
  for (let done = 1; done <= 100; done += 1) progress.advance(done);
  progress.warn("careful");
  progress.end();
  return written();
}

describe("the style of progress", () => {
  beforeEach(() => vi.stubEnv("TERM", "xterm"));
  afterEach(() => vi.unstubAllEnvs());

  it("is bars on a terminal, lines elsewhere, nothing when quiet", () => {
    expect(progressStyle(false, terminal(true).stream)).toBe("bars");
    expect(progressStyle(false, terminal(false).stream)).toBe("lines");
    expect(progressStyle(true, terminal(true).stream)).toBe("silent");
  });

  it("is lines on a terminal that can't move its cursor", () => {
    vi.stubEnv("TERM", "dumb");
    expect(progressStyle(false, terminal(true).stream)).toBe("lines");
  });
});

describe("progress in lines", () => {
  it("says that a step began and each quarter of a long one's way, without control characters", () => {
    expect(printed("lines", false)).toBe(
      [
        "loading",
        "writing weights",
        "writing weights: 25% 25 of 100",
        "writing weights: 50% 50 of 100",
        "writing weights: 75% 75 of 100",
        "careful",
        "",
      ].join("\n"),
    );
  });

  it("leaves out quarters that a single stride passes", () => {
    const { stream, written } = terminal(false);
    const progress = createProgress("lines", stream);
    progress.begin({ label: "writing", total: 4, quarters: true });
    progress.advance(3);
    progress.advance(4);
    expect(written()).toBe("writing\nwriting: 75%\n");
  });
});

describe("silent progress", () => {
  it("still warns", () => {
    expect(printed("silent", true)).toBe("careful\n");
  });
});

describe("progress as bars", () => {
  it("draws the step and lets lines scroll above it", () => {
    const text = printed("bars", true);
    expect(text).toContain("writing weights [");
    expect(text).toContain("100% 100 of 100");
    expect(text).toContain("careful\n");
  });

  it("leaves no timer behind that would keep the process alive", () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    printed("bars", true);
    const after = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    expect(after).toBe(before);
  });
});
