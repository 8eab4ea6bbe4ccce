import { describe, expect, it } from "vitest";
import type { RamBandwidth } from "../../src/bench/ramBandwidth.ts";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { hereSource } from "../../src/predict/hereSource.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";

function here(name: string, backend: "metal" | "cuda" | "vulkan" | "cpu", deviceCount = 1) {
  return hereSource(
    { name, backend, deviceCount, measured: [] },
    loadMachines(),
    publishedResults(),
  );
}

function sheet(backend: "cuda" | "cpu" | "metal", ram: RamBandwidth) {
  const name = { cuda: "rtx-4090-24gb", cpu: "epyc-24gb", metal: "m3-max-40c-64gb" }[backend];
  const source = { name, backend, deviceCount: 1, measured: [], ram };
  return hereSource(source, loadMachines(), publishedResults()).datasheet;
}

describe("hereSource", () => {
  it("knows its like by name: the datasheet and what is published", () => {
    const mac = here("m3-max-40c-64gb", "metal");
    expect(mac.datasheet.bandwidthBytesPerSecond).toBe(400e9);
    expect(mac.published.length).toBe(3);
  });

  it("takes the other backend's rows for a card that runs on it", () => {
    const rows = here("rtx-4090-24gb", "vulkan").published.flat();
    expect(new Set(rows.map(({ machine }) => machine.name))).toEqual(new Set(["rtx-4090-vulkan"]));
  });

  it("doesn't take a described box's RAM for this one's", () => {
    expect(here("rtx-4090-24gb", "cuda").datasheet.hostBandwidthBytesPerSecond).toBeNull();
    expect(here("m3-max-40c-64gb", "metal").datasheet.hostBandwidthBytesPerSecond).toBe(400e9);
  });

  it("knows nothing but the backend of a machine that nobody described, and of a CPU", () => {
    expect(here("arc-b999-12gb", "vulkan")).toMatchObject({
      published: [],
      datasheet: { chip: "" },
    });
    expect(here("m3-max-40c-64gb", "cpu").datasheet.bandwidthBytesPerSecond).toBeNull();
  });

  it("counts the cards of this machine", () => {
    const source = here("2x-rtx-4090-24gb", "cuda", 2);
    expect(source.datasheet.deviceCount).toBe(2);
    expect(new Set(source.published.flat().map(({ machine }) => machine.nDevices))).toEqual(
      new Set([2]),
    );
  });
});

describe("the RAM that somebody tells of this machine", () => {
  it("stands beside a card in the place of the described one's, and is what a CPU computes in", () => {
    const given = { gbps: 102.4, source: "given" } as const;
    expect(sheet("cuda", given).hostBandwidthBytesPerSecond).toBe(102.4e9);
    expect(sheet("cpu", given).bandwidthBytesPerSecond).toBe(102.4e9);
  });

  it("is no word against the maker's of one memory for all", () => {
    const given = { gbps: 100, source: "given" } as const;
    expect(sheet("metal", given).bandwidthBytesPerSecond).toBe(400e9);
  });

  it("is no bound where it was measured: what a test reached, another may exceed", () => {
    const measured = { gbps: 60, source: "measured" } as const;
    expect(sheet("cuda", measured).hostBandwidthBytesPerSecond).toBeNull();
    expect(sheet("cpu", measured).bandwidthBytesPerSecond).toBeNull();
  });
});
