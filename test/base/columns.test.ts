import { describe, expect, it } from "vitest";
import { inColumns, type TextColumn } from "../../src/base/columns.ts";

const columns: readonly TextColumn[] = [
  { heading: "model" },
  { heading: "GiB", align: "right" },
  { heading: "note" },
];
const rows = [
  ["llama-2-7b", "3.56", "a"],
  ["toy", "12345.00"],
];

const lines = (text: string) => text.split("\n");
const widest = (text: string) => Math.max(...lines(text).map((line) => line.length));

describe("columns", () => {
  it("are as wide as their widest cell, numbers to the right, no blanks at the end", () => {
    expect(inColumns(columns, rows)).toBe(
      ["model            GiB  note", "llama-2-7b      3.56  a", "toy         12345.00"].join("\n"),
    );
  });

  it("that have room stay as they are", () => {
    expect(inColumns(columns, rows, 26)).toBe(inColumns(columns, rows));
  });
});

describe("columns without room", () => {
  const machines: readonly TextColumn[] = [
    { heading: "machine" },
    { heading: "backend" },
    { heading: "predicted tg128", align: "right" },
    { heading: "also", spare: 1 },
    { heading: "name in full", spare: 2 },
  ];
  const boxes = [
    ["rtx-4090-24gb", "cuda", "2.5–4.1", "4090", "NVIDIA GeForce RTX 4090"],
    ["rtx-3090-24gb", "cuda", "1.9–4.0", "3090", "NVIDIA GeForce RTX 3090"],
  ];

  it("say once what is the same in all rows", () => {
    const text = inColumns(machines, boxes, 60);
    expect(lines(text)[0]).toBe("in all rows: backend cuda");
    expect(text).not.toMatch(/^machine .*backend/m);
  });

  it("break their headings before they leave anything out", () => {
    const text = inColumns(machines, boxes, 60);
    expect(text).toMatch(/^machine +predicted +also +name in full$/m);
    expect(text).not.toContain("without:");
  });

  it("leave out spare ones, the highest number first, and say which", () => {
    const text = inColumns(machines, boxes, 40);
    expect(text).toContain("for want of width without: name in full");
    expect(text).toContain("4090");
    expect(inColumns(machines, boxes, 26)).toMatch(/without:\nalso, name in full$/);
  });

  it("break their cells between words", () => {
    const notes = [
      ["a", "needs 38.60 GiB, the budget is 24.00 GiB"],
      ["b", "all layers on the GPU"],
    ];
    const text = inColumns([{ heading: "case" }, { heading: "fit" }], notes, 26);
    expect(lines(text)).toEqual([
      "case  fit",
      "a     needs 38.60 GiB, the",
      "      budget is 24.00 GiB",
      "b     all layers on the",
      "      GPU",
    ]);
  });

  it("are stacked where even that is not enough, each cell behind its heading", () => {
    const text = inColumns(machines, boxes, 22);
    expect(lines(text).slice(0, 4)).toEqual([
      "rtx-4090-24gb",
      "  backend cuda;",
      "  predicted tg128",
      "  2.5–4.1; also 4090;",
    ]);
  });

  it("never are wider than they may be", () => {
    for (let width = 20; width < 100; width += 1)
      expect(widest(inColumns(machines, boxes, width))).toBeLessThanOrEqual(width);
  });
});
