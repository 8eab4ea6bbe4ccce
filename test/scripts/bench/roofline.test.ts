import { expect, it } from "vitest";
import { ratioOf } from "../../../scripts/bench/roofline.mjs";

const pass = (ns: number) => ({ wall: ns, processor: ns / 2 });
const round = (ours: number, theirs: number) => ({ ours: pass(ours), theirs: pass(theirs) });

it("the ratio is of speeds, the median over launches of the median of their rounds", () => {
  const launches = [
    // One round was disturbed.
    [round(10, 20), round(10, 20), round(90, 20)],
    [round(10, 30), round(10, 30), round(10, 30)],
    [round(10, 40), round(10, 40), round(10, 10)],
  ];
  const told = ratioOf({ test: "copy", against: "STREAM in C", launches }, "processor");
  expect(told).toEqual({ ratio: 3, interval: null, rounds: 3 });
});
