import { describe, expect, it } from "vitest";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { publishedRows } from "../../src/predict/publishedRows.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";

function labels(id: string): string[] {
  const [machine] = findMachines(id);
  if (machine === undefined) throw new Error(`no machine ${id}`);
  return publishedRows(machine, publishedResults()).map(([first]) => first?.machine.name ?? "");
}

describe("publishedRows", () => {
  it("takes a chip's rows for every memory size of a Mac", () => {
    expect(labels("m3-max-40c-128gb")).toEqual([
      "m3-max-40c",
      "m3-max-40c-48gb",
      "m3-max-40c-64gb",
    ]);
  });

  it("tells chips of one name apart by their GPU cores", () => {
    expect(labels("m3-max-30c-36gb")).toEqual(["m3-max-30c"]);
    expect(labels("m2-max-38c-32gb")).toEqual([]);
  });

  it("tells cards of one name apart by their memory, whose bandwidth differs", () => {
    expect(labels("rtx-3080-10gb")).toEqual(["rtx-3080-10gb"]);
    expect(labels("rtx-3080-12gb")).toEqual([]);
  });

  it("puts the oldest llama.cpp build first and the scoreboards kept up to date last", () => {
    expect(labels("rtx-4090-24gb").at(-1)).toBe("rtx-4090");
    expect(labels("m1-max-24c-32gb")).toEqual(["m1-max-24c-32gb", "m1-max-24c"]);
  });

  it("takes one card's rows for several of it, where nobody published those", () => {
    expect(new Set(labels("2x-rtx-5090-32gb"))).toEqual(new Set(["rtx-5090-32gb", "rtx-5090"]));
  });

  it("takes layers split over several cards, not rows", () => {
    const [machine] = findMachines("2x-rtx-4090-24gb");
    const rows = machine ? publishedRows(machine, publishedResults()).flat() : [];
    expect(new Set(rows.map(({ settings }) => settings.splitMode))).toEqual(new Set(["layer"]));
  });

  it("knows a machine by its aliases, and no other backend's rows", () => {
    expect(new Set(labels("dgx-spark"))).toEqual(new Set(["dgx-spark"]));
    expect(labels("rtx-4090-24gb")).not.toContain("rtx-4090-vulkan");
  });
});
