import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { build, cuda, reading, row, table } from "./reading.ts";

const printed = (format: string) =>
  readFileSync(fileURLToPath(new URL(`../llamaBench/toy.${format}`, import.meta.url)), "utf8");
const log = `${cuda("NVIDIA GeForce RTX 4090")}${table()}${build("aaaaaaa")}`;
const lines = log.trimEnd().split("\n");
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

describe("what a program printed is read within a string of JSON", () => {
  it.each([
    ["as a harness keeps it", pretty({ command: "llama-bench", exit: 0, stdout: log })],
    ["on one line", JSON.stringify({ stdout: log })],
    ["as a string alone", JSON.stringify(log)],
    [
      "line by line, as a notebook keeps it",
      pretty({ cells: [{ text: lines.map((one) => `${one}\n`) }] }),
    ],
    ["line by line, without their ends", pretty({ output: lines })],
    [
      "an object a line, as a container's log",
      lines.map((one) => JSON.stringify({ log: `${one}\n`, stream: "stdout" })).join("\n"),
    ],
    ["a string within a string", pretty({ body: pretty({ stdout: log }) })],
    ["with the line ends of Windows", pretty({ stdout: log.replaceAll("\n", "\r\n") })],
    [
      "as HTML",
      pretty({
        body_html: `<table>${table().replaceAll(/^\|(.*)\|$/gmu, (_, cells: string) => `<tr><td>${cells.replaceAll("|", "</td><td>")}</td></tr>`)}</table>${build("aaaaaaa")}${cuda("NVIDIA GeForce RTX 4090")}`,
      }),
    ],
  ])("%s", (_, text) => {
    expect(reading(text)).toMatchObject({
      told: [{ test: "tg128", speed: 186, build: "aaaaaaa" }],
      leftOut: [],
    });
  });

  it.each(["csv", "json", "jsonl", "md"])("whose format is %s", (format) => {
    const text = pretty({ host: "box", stdout: printed(format) });
    expect(reading(text)).toMatchObject({ read: 6, leftOut: [] });
  });

  it("with the machine that its log names", () => {
    expect(reading(pretty({ stdout: log })).told).toMatchObject([{ machine: "rtx-4090" }]);
  });

  it("but for what stands beside rows of the file itself, which is named", () => {
    const results = JSON.parse(printed("json")) as unknown;
    const text = pretty({ results, stdout: `${log}\nbye` });
    expect(reading(text)).toMatchObject({
      read: 6,
      leftOut: [{ place: /\(line 5 of its text\)$/u, reason: /beside the file's own rows/u }].map(
        ({ place, reason }) => ({
          place: expect.stringMatching(place) as string,
          reason: expect.stringMatching(reason) as string,
        }),
      ),
    });
    expect(reading(pretty({ results, stderr: cuda("NVIDIA GeForce RTX 4090") })).leftOut).toEqual(
      [],
    );
  });

  it("a row that can't be read is named by the line of the file", () => {
    const text = pretty({ a: 1, stdout: table() + row("CUDA", "pp512", "OOM") });
    expect(reading(text)).toMatchObject({
      read: 1,
      leftOut: [
        { place: "line 3 (line 4 of its text)", reason: 't/s: expected a speed, got "OOM"' },
      ],
    });
  });
});
