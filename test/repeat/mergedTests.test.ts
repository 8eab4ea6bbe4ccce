import { describe, expect, it } from "vitest";
import { mergedTests } from "../../src/repeat/mergedTests.ts";

interface Asked {
  readonly nPrompt: number;
  readonly nGen: number;
  readonly nDepth: number;
  readonly pg: string | null;
  readonly flashAttn: number;
}

const asked = (given: Partial<Asked>): Asked => ({
  nPrompt: 0,
  nGen: 0,
  nDepth: 0,
  pg: null,
  flashAttn: 1,
  ...given,
});

const merged = (...all: readonly Partial<Asked>[]) =>
  mergedTests(all.map(asked), (one) => ({ ...one })).map(({ texts, items }) => [
    `-p ${texts.nPrompt} -n ${texts.nGen} -d ${texts.nDepth} ${texts.pg ?? ""}`.trim(),
    items.length,
  ]);

describe("one command for many tests", () => {
  it("lists lengths, smallest first, and leaves out the 0 of a test that is off", () => {
    expect(merged({ nPrompt: 8192 }, { nPrompt: 512 }, { nGen: 128 })).toEqual([
      ["-p 512,8192 -n 128 -d 0", 3],
    ]);
    expect(merged({ nGen: 128 })).toEqual([["-p 0 -n 128 -d 0", 1]]);
  });

  it("lists depths where the same lengths were run at each, since a list runs each combination", () => {
    expect(merged({ nGen: 128 }, { nGen: 128, nDepth: 4096 })).toEqual([
      ["-p 0 -n 128 -d 0,4096", 2],
    ]);
    expect(merged({ nGen: 128 }, { nPrompt: 512 }, { nGen: 128, nDepth: 4096 })).toEqual([
      ["-p 512 -n 128 -d 0", 2],
      ["-p 0 -n 128 -d 4096", 1],
    ]);
  });

  it("keeps other settings, and prompts with generation behind them, apart", () => {
    expect(merged({ nGen: 128 }, { nGen: 128, flashAttn: 0 }, { pg: "512,128" })).toEqual([
      ["-p 0 -n 128 -d 0", 1],
      ["-p 0 -n 128 -d 0", 1],
      ["-p 0 -n 0 -d 0 512,128", 1],
    ]);
  });
});
