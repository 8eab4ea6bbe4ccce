/** The published rows that come with llmbench, predicted without being seen: how good the models are. */
import { describe, expect, it } from "vitest";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { keptAside, scoreOf, type KeptAside } from "../../src/predict/keptAside.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";

const all = keptAside(publishedResults(), loadMachines());

type Choice = (one: KeptAside) => boolean;

function score(kind: KeptAside["kind"], from: KeptAside["from"], also: Choice = () => true) {
  const found = scoreOf(all.filter((one) => one.kind === kind && one.from === from && also(one)));
  if (found === null) throw new Error(`no rows of ${kind} from ${from}`);
  return found;
}

const oneDevice = ({ record }: KeptAside) => (record.machine.nDevices ?? 1) === 1;

describe("published rows that were kept aside", () => {
  it("are decode within 5% where the machine has other rows", () => {
    expect(score("decode", "rows").count).toBeGreaterThan(100);
    expect(score("decode", "rows").medianError).toBeLessThan(0.03);
    expect(score("decode", "rows", oneDevice).medianError).toBeLessThan(0.03);
  });

  it.each(["13b", "30b", "70b"])("are decode within 5% for models of %s", (size) => {
    const score70 = score("decode", "rows", ({ record }) => record.model.id.includes(size));
    expect(score70.medianError).toBeLessThan(0.05);
  });

  it("are decode within 5% for Q8_0", () => {
    const q8 = score("decode", "rows", ({ record }) => record.model.quantization === "q8_0");
    expect(q8.count).toBeGreaterThan(20);
    expect(q8.medianError).toBeLessThan(0.05);
  });

  it("are decode within 15% from the datasheet alone", () => {
    expect(score("decode", "datasheet").count).toBeGreaterThan(300);
    expect(score("decode", "datasheet").medianError).toBeLessThan(0.1);
  });

  it.each(["metal", "cuda"])("are decode within 15% from the datasheet alone on %s", (backend) => {
    const some = score("decode", "datasheet", ({ record }) => record.engine.backend === backend);
    expect(some.medianError).toBeLessThan(0.15);
  });

  it("are prefill within 15% where the machine has other rows", () => {
    expect(score("prefill", "rows").medianError).toBeLessThan(0.12);
    expect(score("prefill", "rows", oneDevice).medianError).toBeLessThan(0.08);
  });

  it("lie inside the stated range four times of five", () => {
    expect(score("decode", "rows").insideShare).toBeGreaterThan(0.8);
    expect(score("decode", "datasheet", oneDevice).insideShare).toBeGreaterThan(0.8);
    expect(score("prefill", "rows", oneDevice).insideShare).toBeGreaterThan(0.8);
  });
});
