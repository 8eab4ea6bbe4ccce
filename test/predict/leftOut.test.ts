/** How good predictions from a datasheet are: each machine's rows are predicted from what all others tell. */
import { median } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { calibrate } from "../../src/predict/calibrate.ts";
import { shippedCalibration, type Calibration } from "../../src/predict/calibration.ts";
import { decodeModel } from "../../src/predict/decodeModel.ts";
import { leaveGroupsOut, leftOutScore, type LeftOut } from "../../src/predict/leftOut.ts";
import { memoryKindOf } from "../../src/predict/memoryKind.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { publishedSamples } from "../../src/predict/publishedSamples.ts";

const samples = publishedSamples(publishedResults(), loadMachines());
const machines = leaveGroupsOut(samples, ({ machine }) => machine);

function score(left: readonly LeftOut[], kind: LeftOut["kind"]) {
  const found = leftOutScore(left, kind, "machine");
  if (found === null) throw new Error(`no rows of ${kind}`);
  return found;
}

/** Of kinds that much is known of, and on one device. */
const usual = ({ sample: { datasheet, record, decode } }: LeftOut) =>
  (decode?.work.hostBytes ?? 0) === 0 &&
  memoryKindOf(datasheet) !== "stacked" &&
  !datasheet.chip.startsWith("arc") &&
  datasheet.backend !== "rocm" &&
  !(datasheet.backend === "vulkan" && datasheet.unified) &&
  !(datasheet.backend === "metal" && record.model.quantization?.includes("_k") === true) &&
  datasheet.deviceCount === 1;

const widths = (kind: LeftOut["kind"]) =>
  machines.filter((one) => one.kind === kind && usual(one)).map(({ width }) => width);

describe("a machine that is left out", () => {
  it("decodes as predicted: within 8% for half of them, four of five rows inside", () => {
    const { groups, medianError, insideShare } = score(machines, "decode");
    expect(groups.length).toBeGreaterThan(40);
    expect(medianError).toBeLessThan(0.08);
    expect(insideShare).toBeGreaterThan(0.8);
  });

  it("reads prompts as predicted: four of five rows inside", () => {
    expect(score(machines, "prefill").insideShare).toBeGreaterThan(0.8);
  });

  it("has useful ranges, wider only for kinds that little is known of", () => {
    expect(Math.max(...widths("decode"))).toBeLessThan(1.601);
    expect(Math.max(...widths("prefill"))).toBeLessThan(2.501);
  });

  it("lies inside as often where its rows of old builds are asked about as of today", () => {
    const today = leaveGroupsOut(samples, ({ machine }) => machine, { asToday: true });
    expect(score(today, "decode").insideShare).toBeGreaterThan(0.8);
    expect(score(today, "prefill").insideShare).toBeGreaterThan(0.8);
  });
});

it("what is shipped is what the published rows tell", () => {
  const told = { ...shippedCalibration, ...calibrate(samples) };
  const speed = (calibration: Calibration, { datasheet, decode }: (typeof samples)[number]) => {
    const model = decodeModel({ datasheet, measured: [], published: [] }, calibration);
    return decode === null ? 0 : (model?.predict(decode.work).tg_ts ?? 0);
  };
  const decoding = samples.filter(({ decode }) => decode !== null);
  const ratios = decoding.map((one) => speed(shippedCalibration, one) / speed(told, one));
  expect(median(ratios.map((ratio) => Math.abs(ratio - 1)))).toBeLessThan(0.03);
});
