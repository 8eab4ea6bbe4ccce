import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { knownYaml } from "../../src/base/yamlFile.ts";
import { packageFolder } from "../../src/base/packageFolder.ts";

const shipped = ["models", "configs", "configs/machines"].flatMap((folder) =>
  readdirSync(packageFolder(folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(packageFolder(folder), name)),
);

it.each(shipped)("what %s says is known without its being parsed", (path) => {
  const text = readFileSync(path, "utf8");
  expect(knownYaml(text)).toStrictEqual(parse(text));
});

it("a file with one more letter is another one", () => {
  expect(knownYaml(`${readFileSync(shipped[0] ?? "", "utf8")}#`)).toBeUndefined();
});

it("what is told can be changed by whoever asked", () => {
  const text = readFileSync(shipped[0] ?? "", "utf8");
  (knownYaml(text) as { id: string }).id = "changed";
  expect(knownYaml(text)).toStrictEqual(parse(text));
});
