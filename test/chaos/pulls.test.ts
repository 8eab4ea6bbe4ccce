import { expect, it } from "vitest";
import { pullThrough } from "../../scripts/chaos/pulls.mjs";
import { randomSource } from "../../scripts/random.mjs";

// `npm run chaos:pull` has more of them.
const troubles = [
  "drops",
  "corruption",
  "change",
  "no ranges, drops",
  "interrupted",
  "all",
] as const;

it.each(troubles)(
  "a pull through %s ends in a verified file, or an error with which the next goes on",
  async (trouble) => {
    const { attempts } = await pullThrough(trouble, randomSource(7));
    expect(attempts).toBeLessThanOrEqual(7);
  },
  30_000,
);
