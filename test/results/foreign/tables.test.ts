import { describe, expect, it } from "vitest";
import { decodeMixed } from "../../../src/results/foreign/mixedEncodings.ts";
import { mostRows } from "../../../src/results/foreign/found.ts";
import { recordsOfText } from "../../../src/results/foreign/readRecords.ts";
import { build, header, reading, row, table } from "./reading.ts";

const one = { model: "llama-2-7b", quantization: "q4_0", test: "tg128", speed: 186 };

/** What came of a text, for a table of one row. */
function cameOf(text: string) {
  const { told, read, leftOut } = reading(text);
  return { told, read, leftOut };
}
const oneRow = { told: [one], read: 1, leftOut: [] };

const prefixed = (prefix: string) =>
  table()
    .split("\n")
    .map((line) => (line === "" ? line : prefix + line))
    .join("\n");

describe("a table is read", () => {
  it.each([
    ["of a quoted mail", prefixed("> > ")],
    ["behind a clock", prefixed("[12:00:01] ")],
    ["behind a date and a level", prefixed("2025-09-28 10:00:00,123 INFO: ")],
    ["behind CI's time stamps", prefixed("2025-04-24T11:57:09.1234567Z ")],
    ["behind a journal's", prefixed("Nov 29 12:00:01 host llama-bench[123]: ")],
    ["behind a container's name", prefixed("bench-1  | ")],
    [
      "behind a logger that has columns itself",
      prefixed("2025-01-01 10:00:00.123 | INFO     | run:main:12 - "),
    ],
    ["indented, as code is", prefixed("    ")],
    ["commented out", prefixed("# ")],
    ["commented out, as in C", prefixed("// ")],
    ["of a list", prefixed("- ")],
    ["of a diff", prefixed("+")],
    [
      "of a diff, but for the row that it takes away",
      `@@ -1,3 +1,3 @@\n ${table().replaceAll("\n|", "\n |").trimEnd()}\n-${row().replace("186.00", "60.00")}`,
    ],
    ["behind what a container's runtime writes", prefixed("2025-04-24T11:57:09.123Z stdout F ")],
    [
      "of a grid, whose rows have rules between them",
      `+-+-+-+-+-+-+-+\n${table().replace(/\n.*\n/u, "\n+=+=+=+=+=+=+=+\n")}+-+-+-+-+-+-+-+\n`,
    ],
    ["of Jira's", `${header.replaceAll("|", "||").split("\n")[0] ?? ""}\n${row()}`],
    [
      "with the escapes of an editor",
      table()
        .replaceAll("|", String.raw`\|`)
        .replaceAll("_", String.raw`\_`),
    ],
    ["with marks of the text's direction", table().replace("186.00", "\u200E186.00\u200F")],
    ["with a link in a cell", table().replace(/llama 7B Q4_0/u, "[llama 7B Q4_0](https://a/b)")],
    ["with emphasis within a cell", table().replace(/llama 7B/u, "**llama** `7B`")],
    ["that grep found", prefixed("logs/bench.md:")],
    [
      "that grep found, with numbers",
      table()
        .trimEnd()
        .split("\n")
        .map((line, at) => `bench.md:${at + 1}:${line}`)
        .join("\n"),
    ],
    [
      "with numbers of lines",
      table()
        .trimEnd()
        .split("\n")
        .map((line, at) => `   ${at + 8}  ${line}`)
        .join("\n"),
    ],
    ["with pictures in its cells", table("CUDA", ["tg128 ✅", "🚀 186.00 ± 0.10"])],
    ["in colours", table().replaceAll(/(\d\d\d\.\d\d)/gu, "\u001B[1;32m$1\u001B[0m")],
    ["without outer pipes", table().replaceAll(/^\||\|$/gmu, "")],
    ["with the shortest rule", table().replace(/\|[ -:|]+\|\n/u, "|-|-|-|-|-|-|-|\n")],
    ["with a rule that a word processor made", table().replace(/-{2,}/gu, "——")],
    ["without a rule", table().replace(/\n.*\n/u, "\n")],
    [
      "with an index, as pandas prints it",
      table().replaceAll(/^\|/gmu, "| 0 |").replace("| 0 | model", "|   | model"),
    ],
    ["in bold", table("CUDA", ["**tg128**", "**186.00 ± 0.10**"])],
    ["with entities", table("CUDA", ["tg128", "186.00 &plusmn; 0.10"])],
    ["with hard blanks", table().replaceAll("  ", "\u00A0 ")],
    ["with a remark behind the row", `${table().trimEnd()} the fast one |\n`],
    ["with Windows' line ends", table().replaceAll("\n", "\r\n")],
    [
      "of tabs",
      "model\tsize\tparams\tbackend\tngl\ttest\tt/s\nllama 7B Q4_0\t3.56 GiB\t6.74 B\tCUDA\t99\ttg128\t186.00 ± 0.10\n",
    ],
    [
      "of commas",
      "model,size,params,backend,ngl,test,t/s\nllama 7B Q4_0,3.56 GiB,6.74 B,CUDA,99,tg128,186.00 ± 0.10\n",
    ],
    [
      "of semicolons with decimal commas",
      "model;size;params;backend;ngl;test;t/s\nllama 7B Q4_0;3,56 GiB;6,74 B;CUDA;99;tg128;186,00 ± 0,10\n",
    ],
    [
      "of blanks",
      "model          size      params  test   t/s\n-------------  --------  ------  -----  -------------\nllama 7B Q4_0  3.56 GiB  6.74 B  tg128  186.00 ± 0.10\n",
    ],
    [
      "of a box",
      "│ model │ params │ test │ t/s │\n├───┼───┼───┼───┤\n│ llama 7B Q4_0 │ 6.74 B │ tg128 │ 186.00 ± 0.10 │\n",
    ],
  ])("%s", (_, text) => {
    expect(cameOf(text)).toMatchObject(oneRow);
  });

  it("where a mail broke its lines", () => {
    const text = `> | model         |     size |  params | backend |
> ngl |  test |           t/s |
> | ------------- | -------: | ------: | ------- |
> --: | ----: | ------------: |
> | llama 7B Q4_0 | 3.56 GiB |  6.74 B | CUDA    |
>  99 | tg128 | 186.00 ± 0.10 |
`;
    expect(cameOf(text)).toMatchObject(oneRow);
  });

  it("with the progress of llama-bench among its rows", () => {
    const text = `${table()}llama-bench: benchmark 2/2: prompt run 1/5\n${row("CUDA", "pp512")}${build("aaaaaaa")}`;
    expect(reading(text)).toMatchObject({ read: 2, leftOut: [] });
  });
});

const speed = (cell: string) => reading(table("CUDA", ["tg128", cell], ["pp512", "1.00"]));

const cacheTypes = (flag: number) =>
  recordsOfText(
    `| model | f16_kv | test | t/s |\n| - | - | - | - |\n| a | ${flag} | tg 8 | 1.00 |\n`,
    "paste.md",
  ).records.map(({ fields }) => fields["type_k"]);

describe("a cell", () => {
  const columns = header.replace("ngl", "ngl | ot").replace("--: |", "--: | --- |");
  const withPattern = (pattern: string) =>
    columns + row().replace("|  99 |", `|  99 | ${pattern} |`);

  it.each([
    "blk\\.(3[0-9]|4[0-7])\\.ffn_.*_exps.=CPU",
    "a|b|c=CPU;d|e=CPU",
    "blk\\.(3[0-9]\\|4[0-7])\\.ffn=CPU",
    "none",
  ])("may hold the pattern %s", (pattern) => {
    expect(cameOf(withPattern(pattern))).toMatchObject(oneRow);
  });

  it.each(["1 759.70 ± 1.20", "1'759.70 ± 1.20", "1 759,70 ± 1,20", "1\u202F759,70 ± 1,20"])(
    "of a speed may have thousands set apart as in %s",
    (cell) => {
      expect(speed(cell).told[0]).toMatchObject({ speed: 1759.7 });
    },
  );

  it("of a speed may have thousands set apart, and is refused where they could be decimals", () => {
    expect(speed("11,992.70 ± 91.22").told[0]?.speed).toBe(11_992.7);
    expect(speed("11,992").leftOut).toEqual([
      { place: "line 3", reason: 't/s: expected a speed, got "11,992"' },
    ]);
  });

  it("of 2023 tells the cache's type by a flag", () => {
    expect([cacheTypes(1), cacheTypes(0)]).toEqual([["f16"], ["f32"]]);
  });

  it("of a test may be ik_llama.cpp's, of tokens behind a prompt that isn't timed", () => {
    expect(reading(table("CUDA", ["tg128@pp512", "1.00"])).told[0]?.test).toBe("tg128 @ d512");
  });
});

describe("a row that can't be read", () => {
  it("is named, and those beside it are read", () => {
    const text = `${table()}| llama 7B Q4_0 | 3.56 GiB |\n${row("CUDA", "pp512", "OOM")}${row("CUDA", "pp1024")}`;
    expect(reading(text)).toMatchObject({
      read: 2,
      leftOut: [
        { place: "line 4", reason: "2 cells where its header has 7 columns" },
        { place: "line 5", reason: 't/s: expected a speed, got "OOM"' },
      ],
    });
  });

  it("is told with how many there are where none can be", () => {
    const text = table("CUDA", ["tg128", "OOM"], ["pp512", "nan ± nan"]);
    expect(() => reading(text)).toThrow(
      'paste.md: none of its 2 rows can be read; line 3: t/s: expected a speed, got "OOM"',
    );
  });
});

describe("a beginning without a row", () => {
  it.each([
    ["table", header],
    ["csv", "build_commit,model_type,n_prompt,n_gen,avg_ts\n"],
    ["json", "[\n"],
    ["json that was closed", "[\n\n]\n"],
    [
      "sql",
      "CREATE TABLE test (\n  model_type TEXT,\n  n_prompt INTEGER,\n  n_gen INTEGER,\n  avg_ts REAL\n);\n",
    ],
  ])("of a %s say that nothing was measured", (_, text) => {
    expect(() => reading(text)).toThrow(
      "paste.md: llama-bench's output begins (line 1) and has no row; nothing was measured when it was saved",
    );
  });

  it("say why llama-bench ended", () => {
    expect(() => reading(`${header}main: error: failed to load model 'x.gguf'\n`)).toThrow(
      /nothing was measured when it was saved: main: error: failed to load model 'x\.gguf'$/,
    );
  });
});

const readBytes = (...bytes: readonly Buffer[]) => reading(decodeMixed(Buffer.concat(bytes)));

/** As a terminal breaks lines: at its width, in the midst of whatever stands there. */
function broken(text: string, width: number): string {
  return text
    .split("\n")
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""])
    .join("\n");
}

describe("a table that a terminal broke", () => {
  const text = table("CUDA", ["pp512", "13119.23 ± 40.25"], ["tg128", "186.00 ± 0.10"]);
  const widths = Array.from({ length: 100 }, (_, at) => 36 + at);

  it.each(widths)("at %i columns is read as it was, or its rows are named", (width) => {
    const { told, leftOut } = reading(broken(text, width));
    expect(told.length + leftOut.length).toBe(2);
    for (const measured of told) {
      expect(measured.model).toBe("llama-2-7b");
      expect(measured.speed).toBe(measured.test === "pp512" ? 13_119.23 : 186);
    }
  });

  it.each([60, 80, 100, 120])("at %i columns is read whole", (width) => {
    expect(reading(broken(text, width))).toMatchObject({ read: 2, leftOut: [] });
  });

  it("is read without outer pipes, too", () => {
    const open = text.replaceAll(/^\| | \|$/gmu, "");
    expect(reading(broken(open, 100))).toMatchObject({ read: 2, leftOut: [] });
  });
});

describe("the last line of a file", () => {
  const text = table("CUDA", ["pp512", "3000.00 ± 5.00"], ["tg128", "1186.00 ± 10.25"]).trimEnd();
  const ends = Array.from({ length: 60 }, (_, at) => at + 1);

  it.each(ends)("is read as it was or named where it is cut off by %i letters", (count) => {
    for (const form of [text, text.replaceAll(/^\| | \|$/gmu, "")]) {
      const { told, leftOut } = reading(form.slice(0, -count));
      expect(told.length + leftOut.length).toBe(2);
      for (const measured of told)
        expect(measured.speed).toBe(measured.test === "pp512" ? 3000 : 1186);
    }
  });
});

it("the last line of a CSV is named where decimals are missing that all others have", () => {
  const columns = "model_type,model_n_params,n_prompt,n_gen,avg_ts,stddev_ts\n";
  const [whole, cut] = ["1.250000", "2.25"].map(
    (sd) => `llama 7B Q4_0,6738415616,0,128,186.0,${sd}\n`,
  );
  const text = `${columns}${whole}${cut}`;
  expect(reading(text)).toMatchObject({ read: 2, leftOut: [] });
  expect(reading(text.trimEnd())).toMatchObject({ read: 1, leftOut: [{ place: "line 3" }] });
});

it("half a token is none", () => {
  expect(() => reading('[{"model_type":"a","n_prompt":0.5,"n_gen":0,"avg_ts":1}]')).toThrow(
    "n_prompt: expected a whole number, got 0.5",
  );
});

describe("a cell that can't be meant", () => {
  it.each([
    ["of two columns of one name", "t/s |\n", "t/s | t/s |\n", " 190.00 |\n"],
    ["of two tests in one row", "t/s |\n", "t/s | test |\n", " pp512 |\n"],
  ])("%s leaves its row out", (_, from, to, cell) => {
    const text = (header.replace(from, to) + row()).replace(/ \|\n$/u, ` |${cell}`);
    expect(() => reading(text)).toThrow(/two columns are called (?:t\/s|test), and tell/u);
  });

  it("is taken where both columns tell the same", () => {
    const text = (header.replace("t/s |\n", "t/s | test |\n") + row()).replace(
      / \|\n$/u,
      " | tg128 |\n",
    );
    expect(reading(text)).toMatchObject({ read: 1, leftOut: [] });
  });

  it.each(["", '"', "—", "llama 7B Q4…", "llama 7B Q4_..."])(
    "for a model's name, %j, leaves its row out",
    (name) => {
      const text = table() + row().replace("llama 7B Q4_0", name);
      expect(reading(text)).toMatchObject({ read: 1, leftOut: [{ place: "line 4" }] });
    },
  );
});

describe("a row", () => {
  it("without the header of its table is named, and those of tables are read", () => {
    expect(reading(`${row("CUDA", "pp512")}\nlater:\n${table()}`)).toMatchObject({
      read: 1,
      leftOut: [{ place: "line 1", reason: expect.stringContaining("header") as string }],
    });
  });

  it.each(["llama 7B Q4_0 / Q8_0", "llama 7B, llama 13B Q4_0", "llama 7B Q4_0 and 13B Q4_0"])(
    "of two models in one cell, %s, is nobody's measurement",
    (cell) => {
      const text = table().replace("llama 7B Q4_0 ", cell);
      expect(() => reading(text)).toThrow("expected one model in one quantization");
    },
  );

  it("is no end of the row above, however few cells that has", () => {
    const short = row().replace("|  99 ", "");
    expect(reading(header + short + short + row("CUDA", "pp512"))).toMatchObject({
      read: 1,
      leftOut: [{ place: "line 3" }, { place: "line 4" }],
    });
  });
});

describe("a table of tests that is no program's", () => {
  const made =
    "\n| model | test | t/s before | t/s after |\n| - | - | - | - |\n| a | tg128 | 1 | 2 |\n";
  const wide = "\n| model | pp512 | tg128 |\n| - | - | - |\n| a | 1 | 2 |\n";

  it("is named among those that are read", () => {
    expect(reading(table() + made + wide)).toMatchObject({
      read: 1,
      leftOut: [
        { place: "line 5", reason: expect.stringContaining("no column t/s") as string },
        { place: "line 9" },
      ],
    });
  });

  it("is named where llmbench printed it, on a terminal or as Markdown", () => {
    const own =
      "| model | size | params | weights | backend | test | t/s |\n| :- | -: | -: | :- | :- | -: | -: |\n" +
      "| llama-2-7b q4_0 | 3.56 GiB | 6.74 B | real | cuda | tg128 | 186.00 ± 0.10 |\n";
    const aligned = own
      .replace(/\n.*\n/u, "\n")
      .replaceAll(/^\| | \|$/gmu, "")
      .replaceAll(" | ", "   ");
    for (const text of [own, aligned])
      expect(() => reading(text)).toThrow("line 1: a table of llmbench, whose numbers are rounded");
  });

  it("says what it lacks where it stands alone", () => {
    expect(() => reading(made)).toThrow("line 2: a table of no program that is known");
  });
});

it("flash attention is told in words, too", () => {
  const columns = header.replace("ngl", "fa").replace("--:", "---");
  const rows = ["on", "off", "auto", "disabled", "1"].map((word) =>
    row().replace("|  99 |", `| ${word} |`),
  );
  expect(reading(columns + rows.join(""))).toMatchObject({ read: 5, leftOut: [] });
});

it("thousands are set apart by points where others have decimal commas", () => {
  const text = table("CUDA", ["pp512", "3.000 ± 5,25"], ["tg128", "1.186,00 ± 0,40"]);
  expect(reading(text).told.map(({ speed: mean }) => mean)).toEqual([3000, 1186]);
});

describe("bytes in several encodings", () => {
  const [utf8, other] = [table(), table("CUDA", ["pp512", "11992.70 ± 91.22"])];
  const both = { read: 2, leftOut: [] };

  it("are read where PowerShell appended UTF-16 to UTF-8", () => {
    expect(readBytes(Buffer.from(utf8), Buffer.from(other, "utf16le"))).toMatchObject(both);
  });

  it("are read where UTF-8 was appended to UTF-16", () => {
    const marked = Buffer.from(`\uFEFF${utf8}`, "utf16le");
    expect(readBytes(marked, Buffer.from(other))).toMatchObject(both);
  });

  it("are read where a console wrote ± in its code page", () => {
    expect(readBytes(Buffer.from(utf8, "latin1"), Buffer.from(other))).toMatchObject(both);
    const dos = Buffer.from(utf8.replace("±", "\u00F1"), "latin1");
    expect(readBytes(dos, Buffer.from(other))).toMatchObject(both);
  });
});

describe("a CSV", () => {
  const columns =
    "model_type,model_n_params,backends,no_kv_offload,n_gpu_layers,n_prompt,n_gen,avg_ts,stddev_ts";
  const values = "llama 7B Q4_0,6738415616,CUDA,false,99,0,128,186.0,0.1";

  it.each([
    ["plain", `${columns}\n${values}\n`],
    ["quoted", `${columns}\n"${values.replaceAll(",", '","')}"\n`],
    ["of tabs", `${columns}\n${values}\n`.replaceAll(",", "\t")],
    [
      "of semicolons",
      `${columns}\n${values}\n`.replaceAll(",", ";").replaceAll(/(\d)\.(\d)/gu, "$1,$2"),
    ],
    [
      "that a spreadsheet rounded",
      `sep=;\n${columns}\n${values}\n`
        .replaceAll(",", ";")
        .replace("6738415616", "6,74E+09")
        .replace("false", "FALSCH"),
    ],
    ["that pandas numbered", `,${columns}\n0,${values.replace(",0,128,", ",0.0,128.0,")}\n`],
  ])("%s is read", (_, text) => {
    expect(cameOf(text)).toMatchObject(oneRow);
  });

  it("appended to another is two, with the same header again", () => {
    const text = `${columns}\n${values}\n`;
    expect(reading(text + text)).toMatchObject({ read: 2, leftOut: [] });
  });

  it("has a value that isn't one named with its line", () => {
    const text = `${columns}\n${values}\n${values.replace("186.0", "fast")}\n`;
    expect(reading(text)).toMatchObject({
      read: 1,
      leftOut: [{ place: "line 3", reason: 'avg_ts: expected a number, got "fast"' }],
    });
  });
});

it("a table of more rows than memory holds is refused with the way out, before it fills it", () => {
  expect(() => reading(header + row().repeat(mostRows + 2))).toThrow(
    /paste\.md: more than 200000 rows; split the file/u,
  );
});
