import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { KeptAnswers } from "../../src/base/keptAnswers.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-kept-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answers = new KeptAnswers(join(folder, "a", "b"), z.object({ value: z.number() }));

describe("a kept answer", () => {
  it("is given to the same question, whatever the order of its keys, and to no other", async () => {
    expect(answers.read({ a: 1, b: 2 })).toBeNull();
    await answers.keep({ a: 1, b: 2 }, { value: 42 });
    expect(answers.read({ b: 2, a: 1 })).toEqual({ value: 42 });
    expect(answers.read({ a: 1, b: 3 })).toBeNull();
  });

  it("that is damaged is asked for again", async () => {
    await answers.keep({ damaged: true }, { value: 1 });
    for (const name of readdirSync(join(folder, "a", "b"))) {
      writeFileSync(join(folder, "a", "b", name), '{"question": {}, "answer": {"val');
    }
    expect(answers.read({ damaged: true })).toBeNull();
  });

  it("that can't be written is lost without a failure", async () => {
    writeFileSync(join(folder, "file"), "");
    const lost = new KeptAnswers(join(folder, "file"), z.number());
    await lost.keep({}, 1);
    expect(lost.read({})).toBeNull();
  });
});
