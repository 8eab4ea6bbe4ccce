import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withHtmlTables } from "../../../src/results/foreign/htmlTables.ts";
import { build, cuda, reading, row as printedRow, table } from "./reading.ts";

const columns = ["model", "size", "params", "backend", "ngl", "test", "t/s"];
const cells = (...[test, speed]: readonly [string, string]) => [
  "llama 7B Q4_0",
  "3.56 GiB",
  "6.74 B",
  "CUDA",
  "99",
  test,
  speed,
];
const tr = (tag: string, row: readonly string[]) =>
  `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
const html = (...rows: readonly string[][]) =>
  `<table><thead>${tr("th", columns)}</thead><tbody>${rows.map((row) => tr("td", row)).join("")}</tbody></table>`;
const both = html(cells("pp512", "3000.00 &plusmn; 5.00"), cells("tg128", "186.00 ± 0.10"));

const tests = (text: string) => reading(text).told.map(({ test, speed }) => [test, speed]);
const two = [
  ["pp512", 3000],
  ["tg128", 186],
];

describe("a table of HTML is read", () => {
  it.each([
    ["on one line", both],
    ["over many lines", both.replaceAll("<td>", '\n  <td align="right">\n    ')],
    ["without closing tags", both.replaceAll(/<\/(?:td|th|tr|thead|tbody)>/gu, "")],
    ["of marked words", both.replaceAll("186.00", "<b>186.00</b>")],
    [
      "of a whole page",
      `<!DOCTYPE html><html><head><style>td { a: b }</style><script>var x = "<td>";</script></head><body>${both}</body></html>`,
    ],
    [
      "whose model stands once, beside all of its rows",
      both
        .replace("<td>llama 7B Q4_0", "<td rowspan=2>llama 7B Q4_0")
        .replace(/(tg128.*)/u, "$1")
        .replace("</tr><tr><td>llama 7B Q4_0</td>", "</tr><tr>"),
    ],
  ])("%s", (_, text) => {
    expect(tests(text)).toEqual(two);
  });

  it("among Markdown, with what stands around both", () => {
    const text = `${cuda("NVIDIA GeForce RTX 4090")}${table()}${build("aaaaaaa")}\n<p>${cuda("NVIDIA GeForce RTX 3090")}</p>\n${both}\n<p>build: bbbbbbb (7901)</p>`;
    expect(reading(text).told.map(({ machine, build: commit }) => [machine, commit])).toEqual([
      ["rtx-4090", "aaaaaaa"],
      ["rtx-3090", "bbbbbbb"],
      ["rtx-3090", "bbbbbbb"],
    ]);
  });

  it("but for a last cell that is cut off", () => {
    const text = both.slice(0, both.indexOf("86.00 ±"));
    expect(reading(text)).toMatchObject({
      read: 1,
      leftOut: [{ reason: "its line is cut off before its end" }],
    });
  });

  it("with a row that can't be read named by its line", () => {
    const text = `x\n${html(cells("pp512", "1.00"))}`.replace(
      "</tbody>",
      `\n${tr("td", cells("tg128", "OOM"))}`,
    );
    expect(reading(text).leftOut).toEqual([
      { place: "line 3", reason: 't/s: expected a speed, got "OOM"' },
    ]);
  });
});

const inCells = (...inner: readonly string[]) =>
  `<table><tr>${inner.map((one) => `<td>${one}</td>`).join("")}</tr></table>`;
const printed = (format: string) =>
  readFileSync(fileURLToPath(new URL(`../llamaBench/toy.${format}`, import.meta.url)), "utf8");

describe("a table that lays out a page gives way to what stands in its cells", () => {
  it.each([
    ["another table", inCells(both)],
    ["another table beside a picture and words", inCells("RTX 4090", both, '<img src="a.png">')],
    ["a table that is laid out itself", inCells(inCells("", inCells(both)))],
    ["without closing tags", `<table><tr><td>${both.replaceAll(/<\/(?:td|th|tr)>/gu, "")}`],
    [
      "a program's lines",
      inCells(
        `<pre>\n${table("CUDA", ["pp512", "3000.00 ± 5.00"], ["tg128", "186.00 ± 0.10"])}</pre>`,
      ),
    ],
    [
      "a program's lines, each set apart as mail does",
      inCells(
        table("CUDA", ["pp512", "3000.00 ± 5.00"], ["tg128", "186.00 ± 0.10"])
          .trimEnd()
          .split("\n")
          .map((line) => `<div>${line}</div>`)
          .join(""),
      ),
    ],
    [
      "a program's lines, a row of the page each, with their numbers",
      `<table>${table("CUDA", ["pp512", "3000.00 ± 5.00"], ["tg128", "186.00 ± 0.10"])
        .trimEnd()
        .split("\n")
        .map((line, at) => `<tr><td>${at + 1}</td><td>${line}</td></tr>`)
        .join("\n")}</table>`,
    ],
  ])("%s", (_, text) => {
    expect(tests(text)).toEqual(two);
    expect(reading(text).leftOut).toEqual([]);
  });

  it.each(["csv", "json", "jsonl"])("%s that was printed", (format) => {
    const text = inCells("", `<pre>${printed(format).replaceAll("<", "&lt;")}</pre>`);
    expect(reading(text)).toMatchObject({ read: 6, leftOut: [] });
  });

  it("with a row that can't be read named by its line", () => {
    const text = inCells(`\n<pre>\n${table()}${printedRow("CUDA", "tg128", "OOM")}</pre>`);
    expect(reading(text)).toMatchObject({
      read: 1,
      leftOut: [{ place: "line 6", reason: 't/s: expected a speed, got "OOM"' }],
    });
  });

  it("and no table of results is one for a cell of several lines", () => {
    const text = both
      .replace("CUDA", "<pre>CUDA\nVulkan</pre>")
      .replace("186.00", inCells("186.00"));
    expect(tests(text)).toEqual(two);
  });
});

it("a text without a table keeps its angle brackets", () => {
  const text = "a < b\n<details>\n-ot '<x>' | <|im_start|>\n";
  expect(withHtmlTables(text, () => false)).toBe(text);
});
