import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** Top row first. A part imports from rows below its own, never from above and not from beside. */
const layers: readonly (readonly string[])[] = [
  ["maintenance"],
  ["cli", "index"],
  ["commands"],
  ["usecases"],
  ["ui"],
  ["run", "reporters"],
  ["plan", "compare"],
  ["repeat"],
  ["predict"],
  ["fit"],
  ["models"],
  ["suite"],
  ["engines"],
  ["flags"],
  ["results"],
  ["meters"],
  ["gguf", "machine"],
  ["bench"],
  ["statistics"],
  ["base", "errors"],
];

/** Neighbours that may meet, each with its reason. */
const allowedBeside = new Set<string>([
  // A digest or a unit may fail in the user's hands, and then says so as all else does.
  "base > errors",
]);

/** What makes a journal, and what tells of it: they share the rooms below, and repeat and predict, which both ask. */
const making = new Set(["run", "plan", "engines"]);
const telling = new Set(["reporters", "compare"]);

const vagueNames = /^(utils?|helpers?|common|types|managers?|services?|misc|shared)(\.|$)/i;

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name));

/** `src/run/order.ts` belongs to `run`, `src/errors.ts` to `errors`. */
function partOf(path: string): string {
  return (relative(source, path).split(sep)[0] ?? "").replace(/\.ts$/, "");
}

/** The files that a file imports, types and lazy imports too. */
function importedBy(path: string): string[] {
  const specifiers = readFileSync(path, "utf8").matchAll(
    /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g,
  );
  return [...specifiers].map(([, specifier = ""]) => join(dirname(path), specifier));
}

function importsOf(path: string): Import[] {
  return importedBy(path).map((imported) => ({
    file: relative(source, path),
    from: partOf(path),
    to: partOf(imported),
  }));
}

/** A way along imports that ends where it began; null where there is none. */
function circle(): string[] | null {
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): string[] | null => {
    const at = way.indexOf(path);
    if (at !== -1) return [...way.slice(at), path].map((one) => relative(source, one));
    if (done.has(path)) return null;
    for (const imported of importedBy(path)) {
      const found = visit(imported, [...way, path]);
      if (found !== null) return found;
    }
    done.add(path);
    return null;
  };
  for (const path of files) {
    const found = visit(path, []);
    if (found !== null) return found;
  }
  return null;
}

const crossing = files.flatMap(importsOf).filter(({ from, to }) => from !== to);

function rowOf(part: string): number {
  return layers.findIndex((row) => row.includes(part));
}

function stated({ file, from, to }: Import): string {
  return `${file}: ${from} > ${to}`;
}

describe("the source's layers", () => {
  it("give every part a row", () => {
    expect([...new Set(files.map(partOf))].filter((part) => rowOf(part) === -1)).toEqual([]);
  });

  it("are imported from downwards only", () => {
    const upward = crossing.filter(({ from, to }) => rowOf(to) < rowOf(from));
    expect(upward.map(stated)).toEqual([]);
  });

  it("don't import from beside, but for the neighbours named here", () => {
    const beside = crossing.filter(
      ({ from, to }) => rowOf(to) === rowOf(from) && !allowedBeside.has(`${from} > ${to}`),
    );
    expect(beside.map(stated)).toEqual([]);
  });

  it("have no circle among their files", () => {
    expect(circle()).toBeNull();
  });

  it("keep making and telling apart", () => {
    const mixed = crossing.filter(
      ({ from, to }) =>
        (making.has(from) && telling.has(to)) || (telling.has(from) && making.has(to)),
    );
    expect(mixed.map(stated)).toEqual([]);
  });
});

it("scripts stand on the public API and the maintenance entry, and on no module below them", () => {
  const scripts = fileURLToPath(new URL("../scripts", import.meta.url));
  const deep = readdirSync(scripts, { recursive: true, encoding: "utf8" })
    // What builds dist/ knows its inside.
    .filter((file) => file.endsWith(".mjs") && file !== "setup.mjs")
    .flatMap((file) =>
      [...readFileSync(join(scripts, file), "utf8").matchAll(/dist\/([\w/]+)\.js/g)]
        .filter(([, module = ""]) => !["index", "maintenance", "cli"].includes(module))
        .map(([path]) => `${file}: ${path}`),
    );
  expect(deep).toEqual([]);
});

it("no file or folder has a name that says nothing", () => {
  const vague = files
    .map((path) => relative(source, path))
    .filter((path) => path.split(sep).some((name) => vagueNames.test(name)));
  expect(vague).toEqual([]);
});
