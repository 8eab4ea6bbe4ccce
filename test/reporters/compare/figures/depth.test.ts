import { expect, it } from "vitest";
import type { CaseRecord } from "../../../../src/bench/record.ts";
import { machinesOf } from "../../../../src/compare/machines.ts";
import { depthFigures } from "../../../../src/reporters/compare/figures/depth.ts";
import { mac, row, steady } from "../../../compare/rows.ts";

const rtx = {};

const at = (machine: object, test: string, speed: number) =>
  row({ ...machine, test, ...steady(speed) });

function factsOf(...files: readonly (readonly CaseRecord[])[]): readonly string[] {
  const machines = machinesOf(files.map((cases, index) => ({ file: `${index}.csv`, cases })));
  return depthFigures(machines).flatMap(({ facts }) => facts);
}

const kept = (facts: readonly string[]) => facts.filter((text) => text.includes("keeps"));

it("the speed that is left at the deepest test is told of each machine and each length", () => {
  const facts = factsOf(
    [at(mac, "tg128", 80), at(mac, "tg128 @ d4096", 60), at(mac, "tg128 @ d16384", 20)],
    [at(rtx, "tg128", 100), at(rtx, "tg128 @ d4096", 90), at(rtx, "tg512", 99)],
  );
  expect(kept(facts)).toEqual([
    "llama-2-7b q4_0, mac: tg128 keeps 25% of its speed from depth 0 to 16384",
    "llama-2-7b q4_0, rtx: tg128 keeps 90% of its speed from depth 0 to 4096",
  ]);
});

it("lengths from an empty context alone tell nothing of what is kept", () => {
  const ofLengths = [mac, rtx].map((machine) => [
    at(machine, "pp512", 100),
    at(machine, "pp4096", 100),
  ]);
  const facts = factsOf(...ofLengths);
  expect(facts.length).toBeGreaterThan(0);
  expect(kept(facts)).toEqual([]);
});
