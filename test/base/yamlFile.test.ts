import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { readYaml } from "../../src/base/yamlFile.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench yaml "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string): unknown {
  const path = join(folder, "file.yaml");
  writeFileSync(path, text);
  return readYaml(path);
}

const ninefold = (name: string) => `[${Array.from({ length: 9 }, () => `*${name}`).join(",")}]`;
const bomb = `a: &a [x]
b: &b ${ninefold("a")}
c: &c ${ninefold("b")}
d: &d ${ninefold("c")}
e: ${ninefold("d")}`;

describe("a hostile YAML file", () => {
  it.each([
    ["with aliases that multiply", bomb, "Excessive alias count"],
    ["with a list that holds itself", "model: &a [*a]", "an alias refers to what it stands in"],
    ["nested without end", "[".repeat(100_000), "nested more than 64 deep"],
    ["with keys nested without end", "{a: ".repeat(30_000), "nested more than 64 deep"],
    ["with lists in lists on one line", "- ".repeat(60_000), "nested more than 64 deep"],
    ["with keys of keys", "? ".repeat(60_000), "nested more than 64 deep"],
    ["with a key twice", "model: 7b\nmodel: 8b", "line 2: Map keys must be unique"],
    ["of two documents", "model: 7b\n---\nmodel: 8b", "multiple documents"],
    ["of a megabyte", "#".repeat(2 ** 20), "such a file has 131072 bytes at most"],
    [
      "that merges what is no map",
      "%YAML 1.1\n---\n<<: 5",
      "file.yaml: not valid YAML: Merge sources",
    ],
    ["without a word", "# nothing\n", "the file is empty"],
  ])("%s is refused in a line", (_, text, message) => {
    expect(() => read(text)).toThrow(LlmbenchError);
    expect(() => read(text)).toThrow(message);
  });

  it.each([
    ["quotes", `a: ${'"'.repeat(120_000)}`],
    ["texts", '"a" '.repeat(30_000)],
    ["tags", "!a ".repeat(40_000)],
    ["brackets", "]".repeat(120_000)],
  ])("of one mistake after the other is refused for the first alone: %s", (_, text) => {
    expect(() => read(text)).toThrow(/file\.yaml: not valid YAML, line 1: [^\n]+$/);
  });

  it("with lists for keys prints nothing by itself", async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on("warning", onWarning);
    expect(read("? [1, 2]\n: 3")).toEqual({ "[ 1, 2 ]": 3 });
    await new Promise(setImmediate);
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  it("may nest by indentation as deep as its size allows", () => {
    const lines = Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`);
    expect(read(lines.join("\n"))).toHaveProperty("a.a.a");
  });

  it("gives no object another prototype", () => {
    const value = read("__proto__: {polluted: true}") as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
  });

  it("runs nothing by its tags", () => {
    expect(read("model: !!js/function 'function () {}'")).toEqual({ model: "function () {}" });
  });
});
