/** Ranges are read off what was left out, and judged on other rows than those they are read off. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { calibrate } from "../../src/predict/calibrate.ts";
import { crossJudged, fitRanges } from "../../src/predict/fitRanges.ts";
import { leaveGroupsOut, leftOutScore, type LeftOut } from "../../src/predict/leftOut.ts";
import { memoryKindOf } from "../../src/predict/memoryKind.ts";
import { shippedRanges, type Ranges } from "../../src/predict/predictionError.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { publishedSamples, type Sample } from "../../src/predict/publishedSamples.ts";
import { shapeOfModel } from "../../src/predict/shapeOfModel.ts";
import { partOf } from "../../src/predict/timedWork.ts";

interface LeavingOut {
  readonly groupOf: (sample: Sample) => string | null;
  readonly left: readonly LeftOut[];
}

const samples = publishedSamples(publishedResults(), loadMachines());

const machineOf = ({ machine }: Sample) => machine;
const memoryOf = ({ datasheet }: Sample) => `${datasheet.backend} ${memoryKindOf(datasheet)}`;
const architectureOf = ({ record }: Sample) => shapeOfModel(record.model.id)?.architecture ?? null;
const modelOf = ({ machine, record }: Sample) => `${machine} ${partOf(record)}`;

const names = [
  "machine",
  "kind of memory",
  "architecture",
  "model and quantization of a machine",
  "machine, asked as of today",
] as const;
const leavings = new Map<(typeof names)[number], LeavingOut>();
let evidence: readonly LeftOut[] = [];
let told: Ranges = shippedRanges;

beforeAll(() => {
  const leave = (
    groupOf: LeavingOut["groupOf"],
    how: Parameters<typeof leaveGroupsOut>[2] = {},
  ): LeavingOut => ({ groupOf, left: leaveGroupsOut(samples, groupOf, how) });
  leavings
    .set("machine", leave(machineOf))
    .set("kind of memory", leave(memoryOf))
    .set("architecture", leave(architectureOf, { besideOthers: true }))
    .set(
      "model and quantization of a machine",
      leave(modelOf, { besideOthers: true, constants: calibrate(samples) }),
    )
    .set("machine, asked as of today", leave(machineOf, { asToday: true }));
  evidence = [...leavings.values()].flatMap(({ left }) => left);
  told = fitRanges(evidence);
});

describe.each(names)("a %s that is left out", (name) => {
  it.each(["decode", "prefill"] as const)(
    "lies inside ranges of %s that the others' errors give, four times of five",
    (kind) => {
      const leaving = leavings.get(name);
      if (leaving === undefined) throw new Error(`${name} was not left out`);
      const judged = crossJudged(leaving.left, evidence, leaving.groupOf);
      expect(leftOutScore(judged, kind, "machine")?.insideShare).toBeGreaterThan(0.8);
    },
  );
});

it("ranges that are shipped for datasheets are those that the rows tell", () => {
  for (const kind of ["decode", "prefill", "prefillOfSeveral"] as const) {
    const [shipped, found] = [shippedRanges.errors[kind].datasheet, told.errors[kind].datasheet];
    expect(Math.abs(shipped.below - found.below), `${kind} below`).toBeLessThan(0.02);
    expect(Math.abs(shipped.above - found.above), `${kind} above`).toBeLessThan(0.02);
  }
});

it("ranges of rows that stand beside others of a machine hold what the rows tell", () => {
  for (const kind of ["decode", "prefill"] as const) {
    const [shipped, found] = [shippedRanges.errors[kind].published, told.errors[kind].published];
    expect(shipped.below).toBeGreaterThanOrEqual(found.below);
    expect(shipped.above).toBeGreaterThanOrEqual(found.above);
  }
});

it("what few machines tell, and what changed since a row was measured, stays as it was assumed", () => {
  const { kQuantsOnApple, ...others } = told.widened;
  const { kQuantsOnApple: shipped, ...assumed } = shippedRanges.widened;
  expect(others).toEqual(assumed);
  // Enough Macs tell it.
  expect(shipped.below).toBeCloseTo(kQuantsOnApple.below, 1);
  expect(shipped.above).toBeCloseTo(kQuantsOnApple.above, 1);
  const few = evidence.filter(({ sample }) => sample.machine === "rtx-4090");
  expect(few.length).toBeGreaterThan(0);
  expect(fitRanges(few)).toEqual(shippedRanges);
});
