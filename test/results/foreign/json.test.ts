import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { reading, table } from "./reading.ts";

const printed = (format: string) =>
  readFileSync(fileURLToPath(new URL(`../llamaBench/toy.${format}`, import.meta.url)), "utf8");
const json = printed("json");
const records = JSON.parse(json) as Record<string, unknown>[];
const [record = {}] = records;
const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const all = { read: 6, leftOut: [] };

describe("JSON is read", () => {
  it.each([
    ["under a key", pretty({ host: "x", results: records })],
    ["under keys, deep down", pretty({ a: { b: [{ c: records }] } })],
    ["as a program prints one object after the other", records.map(pretty).join("\n")],
    ["an object a line", records.map((one) => JSON.stringify(one)).join("\n")],
    ["below a log with brackets and quotes", `[1] "loading\n{cuda} it's ready]\n${json}`],
    [
      "with llama-bench's progress in the midst of a record",
      json.replace('"n_gen"', '\nllama-bench: benchmark 1/2: prompt run 1/5\n"n_gen"'),
    ],
    [
      "with text before each value on its line",
      records.map((one) => `result=${JSON.stringify(one)}`).join("\n"),
    ],
    [
      "of a container's log",
      json
        .split("\n")
        .map((line) => `bench-1  | ${line}`)
        .join("\n"),
    ],
  ])("%s", (_, text) => {
    expect(reading(text)).toMatchObject(all);
  });

  it("of two runs in one file, all of both", () => {
    expect(reading(json + json)).toMatchObject({ read: 12, leftOut: [] });
    expect(reading(`${json}$ llama-bench -o json >> all.json\n${json}`)).toMatchObject({
      read: 12,
    });
  });

  it("whose record a brace nests deeper than any stack", () => {
    const nested = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
    expect(reading(nested + json)).toMatchObject(all);
  });

  it("with what C prints for no number", () => {
    const text = json.replace(/"stddev_ts": [\d.]+/u, '"stddev_ts": -nan');
    expect(reading(text)).toMatchObject(all);
  });

  it("of a few fields alone, as jq selects them", () => {
    const few = records.map(({ model_type, n_prompt, n_gen, avg_ts }) => ({
      model_type,
      n_prompt,
      n_gen,
      avg_ts,
    }));
    expect(reading(pretty(few))).toMatchObject(all);
  });

  it("of 2023, whose flags are the backend and the cache's type", () => {
    const { backends: _, type_k: __, type_v: ___, ...others } = record;
    const old = {
      ...others,
      cuda: true,
      opencl: false,
      metal: false,
      gpu_blas: true,
      f16_kv: true,
    };
    const amd = { ...old, gpu_info: "AMD Radeon RX 7900 XTX" };
    expect(reading(JSON.stringify([old])).told).toMatchObject([{ backend: "cuda" }]);
    expect(reading(JSON.stringify([amd])).told).toMatchObject([{ backend: "rocm" }]);
    expect(reading(JSON.stringify([{ ...old, cuda: false, gpu_blas: false }])).told).toMatchObject([
      { backend: "cpu" },
    ]);
  });
});

describe("a record that can't be read", () => {
  it("is named where it is cut off, and what was appended behind it is read", () => {
    const cut = json.slice(0, json.indexOf('"samples_ts"'));
    expect(reading(cut + "\n" + json)).toMatchObject({
      read: 6,
      leftOut: [{ place: "line 2", reason: "the record is cut off before its end" }],
    });
  });

  it("is named where its line is cut off", () => {
    const lines = records.map((one) => JSON.stringify(one));
    lines[2] = lines[2]?.slice(0, 200) ?? "";
    expect(reading(lines.join("\n"))).toMatchObject({
      read: 5,
      leftOut: [{ place: "line 3", reason: "the record is cut off before its end" }],
    });
  });

  it("is named where something in it is no JSON", () => {
    expect(reading(json.replace('"n_gen": 0', '"n_gen": ?'))).toMatchObject({
      read: 5,
      leftOut: [
        { place: "line 2", reason: "the record isn't JSON; something stands in its midst" },
      ],
    });
  });

  it("is named where it isn't one among records", () => {
    expect(reading(JSON.stringify([...records, { comment: "x" }]))).toMatchObject({
      read: 6,
      leftOut: [{ place: "record 7", reason: "it is no result of any program that is known" }],
    });
    expect(reading(JSON.stringify([...records, { case_id: "a", avg_ts: 1 }])).leftOut).toEqual([
      { place: "record 7", reason: "it is a row of llmbench; give it in a file of its own" },
    ]);
  });

  it("is refused with what it lacks where there is no other", () => {
    const { avg_ts: _, ...without } = record;
    expect(() => reading(JSON.stringify(without))).toThrow(
      "paste.md: record 1: avg_ts: expected a number, got nothing",
    );
  });
});

/** One record as llama-bench's table has it. */
function asTable(told: Record<string, unknown>): string {
  const [pp, tg, depth] = ["n_prompt", "n_gen", "n_depth"].map((name) => Number(told[name]));
  const test = [pp ? `pp${pp}` : "", tg ? `tg${tg}` : ""].filter(Boolean).join("+");
  const speed = ["avg_ts", "stddev_ts"].map((name) => Number(told[name]).toFixed(2)).join(" ± ");
  const text = table("CPU", [depth ? `${test} @ d${depth}` : test, speed]);
  return text.replace("llama 7B Q4_0", String(told["model_type"]));
}

describe("a table beside the JSON of the same run, as -oe md prints it", () => {
  it("is no second measurement, and is named", () => {
    const { read, leftOut } = reading(json + records.map(asTable).join(""));
    expect(read).toBe(6);
    expect(leftOut).toHaveLength(6);
    expect(leftOut[0]?.reason).toBe("line 2 tells it, and more exactly");
  });

  it("of another run of the same test is one", () => {
    expect(reading(json + printed("md"))).toMatchObject({ read: 12, leftOut: [] });

    expect(reading(json + table())).toMatchObject({ read: 7, leftOut: [] });
  });
});
