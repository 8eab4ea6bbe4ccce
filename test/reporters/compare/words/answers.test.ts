import { describe, expect, it } from "vitest";
import { answersSaid } from "./answersSaid.ts";

describe("the sentence", () => {
  it("gives seconds on each machine, and who answers sooner", async () => {
    const said = await answersSaid(["m3-max-40c-64gb", "rtx-4090-24gb"], 6000, 400);
    expect(said[0]).toMatch(
      /^With 6000 tokens read, 400 written, llama-3-8b q4_k_m: m3-max-40c-64gb 2\d\.\d s, rtx-4090-24gb \d\.\d+ s per answer; rtx-4090-24gb answers sooner than m3-max-40c-64gb, whatever the mix of 6400 tokens\.$/,
    );
    expect(said.join("\n")).not.toContain("llama-3-70b");
  });

  it("tells no winner and no turn where no pair does", async () => {
    const said = await answersSaid(["rtx-4090-24gb", "2x-rtx-4090-24gb"], 800, 400);
    expect(said[0]).toMatch(/; 2x-rtx-4090-24gb can't be told apart from rtx-4090-24gb\.$/);
  });

  it("tells no time of a context that a machine doesn't hold", async () => {
    const said = await answersSaid(["m3-max-40c-64gb", "rtx-4080-16gb"], 7680, 512);
    expect(said.find((sentence) => sentence.includes("llama-3-8b f16"))).toMatch(
      /: m3-max-40c-64gb [\d.]+ s per answer; rtx-4080-16gb does not hold 8192 tokens on its GPU\.$/,
    );
  });

  it("tells no time of more tokens than a model was trained for", async () => {
    expect(await answersSaid(["m3-max-40c-64gb", "rtx-4080-16gb"], 30_000, 2000)).toEqual([
      "With 30000 tokens read, 2000 written: no time for llama-3-8b q4_k_m and llama-3-8b f16, trained for 8192 tokens.",
    ]);
  });
});
