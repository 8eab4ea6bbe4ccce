import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { isNameOf } from "../../src/predict/publishedRows.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { freshFolder } from "../results/folders.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** Its files by their path within; line ends are those of the checkout. */
function contentOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file.slice(folder.length), readFileSync(file, "utf8")]));
}

function written(script: string): string {
  const folder = freshFolder();
  execFileSync(process.execPath, [join(checkout, "scripts", script), folder], { stdio: "pipe" });
  return folder;
}

/** Names alone, lest a difference print megabytes. */
function unequal(a: Map<string, string>, b: Map<string, string>): string[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].filter((name) => a.get(name) !== b.get(name)).toSorted();
}

it("reports/reference/ is what scripts/published.mjs writes", () => {
  const made = contentOf(written("published.mjs"));
  expect(made.size).toBe(85);
  expect(unequal(made, contentOf(join(checkout, "reports", "reference")))).toEqual([]);
});

/** Backends that a described machine isn't driven by stand in a row's name: `rtx-4090-vulkan`. */
const driver = /-(?:vulkan|rocm)$/;

it("every published row is of a machine that llmbench describes, whatever drives it", () => {
  const machines = loadMachines();
  const names = new Set(publishedResults().map(({ machine }) => machine.name ?? ""));
  const unknown = [...names].filter(
    (name) =>
      !machines.some((machine) => isNameOf(machine, name.replace(driver, ""), machine.backend)),
  );
  expect(unknown).toEqual([]);
});

it("every published row of these years is of a model of the catalogue", () => {
  const known = new Set(catalogue().models.map(({ id }) => id));
  const rows = publishedResults().filter(({ engine }) => Number(engine.version?.slice(1)) > 4000);
  expect(rows.length).toBeGreaterThan(200);
  expect(rows.filter(({ model }) => !known.has(model.id)).map(({ model }) => model.id)).toEqual([]);
});

const pageIn = (folder: string, page: string) => readFileSync(join(folder, page), "utf8");
const docs = join(checkout, "docs");

it("docs/machines-2026.md is what scripts/machines-2026.mjs writes", () => {
  const page = "machines-2026.md";
  expect(pageIn(written("machines-2026.mjs"), page)).toBe(pageIn(docs, page));
});

it("docs/m3-max-or-rtx.md answers on one page, with a picture", () => {
  const page = readFileSync(join(checkout, "docs", "m3-max-or-rtx.md"), "utf8");
  expect(page.split(/\s+/u).length).toBeLessThanOrEqual(300);
  expect(page).toMatch(/^!\[.+\]\(m3-max-or-rtx\/.+\.svg\)$/mu);
});

it("docs/m3-max-or-rtx.md, the long form and its pictures are what scripts/m3-max-or-rtx.mjs writes", () => {
  const folder = written("m3-max-or-rtx.mjs");
  for (const page of ["m3-max-or-rtx.md", "m3-max-or-rtx-in-full.md"])
    expect(pageIn(folder, page)).toBe(pageIn(docs, page));
  const pictures = contentOf(join(folder, "m3-max-or-rtx"));
  expect(pictures.size).toBeGreaterThan(10);
  expect(unequal(pictures, contentOf(join(checkout, "docs", "m3-max-or-rtx")))).toEqual([]);
  // Pictures of six machines, twice, take a busy computer its time.
}, 400_000);
