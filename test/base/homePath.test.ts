import { homedir } from "node:os";
import { join, sep } from "node:path";
import { expect, it } from "vitest";
import { expandHome, withoutHome } from "../../src/base/homePath.ts";

it("a text speaks of the home folder as ~", () => {
  const file = join(homedir(), "models", "a b.gguf");
  expect(withoutHome(`loading ${file} and ${file}`)).not.toContain(homedir() + sep);
  expect(withoutHome(file)).toBe(["~", "models", "a b.gguf"].join(sep));
});

it("a path comes back as it was", () => {
  for (const path of [join(homedir(), "a.gguf"), join(sep, "srv", "a.gguf"), "~", "7b", ""]) {
    expect(expandHome(withoutHome(path))).toBe(path);
  }
});

it("a folder that only begins like it is another", () => {
  const other = `${homedir()}2${sep}a.gguf`;
  expect(withoutHome(other)).toBe(other);
});

it("a longer path that holds the home folder's is another", () => {
  const backup = join(sep, "backup") + join(homedir(), "a.gguf");
  expect(withoutHome(backup)).toBe(backup);
  expect(withoutHome(`loading ${backup}`)).toBe(`loading ${backup}`);
});

it("a path tells no home in quotes, behind an option, in a list or an address", () => {
  const file = join(homedir(), "a.gguf");
  for (const before of ['"', "--model=", "(", "a.gguf:", "file://", "x,"]) {
    expect(withoutHome(before + file)).toBe(`${before}~${sep}a.gguf`);
  }
});
