import { expect, it } from "vitest";
import { inColumns } from "../../src/base/columns.ts";

it("columns are as wide as their widest cell, numbers to the right, no blanks at the end", () => {
  const rows = [
    ["llama-2-7b", "3.56", "a"],
    ["toy", "12345.00"],
  ];
  expect(inColumns(["model", "GiB", "note"], rows, ["left", "right"])).toBe(
    ["model            GiB  note", "llama-2-7b      3.56  a", "toy         12345.00"].join("\n"),
  );
});
