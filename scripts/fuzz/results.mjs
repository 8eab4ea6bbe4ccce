// @ts-check
// Result files, valid ones and what damage makes of them.
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { damageBytes } from "./bytes.mjs";
import { texts, values } from "./hostile.mjs";

/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {{ name: string, bytes: Buffer }} ResultFile */

const llamaBench = fileURLToPath(new URL("../../test/results/llamaBench", import.meta.url));

/**
 * @param {string} folder a run's, with what `-o json` and `-o jsonl` print beside it
 * @returns {ResultFile[]}
 */
export function resultSeeds(folder) {
  const ours = ["results.jsonl", "results.csv", "cases.json", "cases.jsonl"];
  const theirs = ["toy.csv", "toy.json", "toy.jsonl", "toy.md"];
  return [
    ...ours.map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
    ...theirs.map((name) => ({ name, bytes: readFileSync(join(llamaBench, name)) })),
  ];
}

/**
 * @param {readonly ResultFile[]} seeds
 * @param {Random} random
 * @returns {ResultFile}
 */
export function damagedResults(seeds, random) {
  const { name, bytes } = random.pick(seeds);
  const damage = random.pick([damageBytes, damageLines, damageMeaning(name), damageMeaning(name)]);
  return { name, bytes: damage(bytes, random) };
}

/** @param {string} name */
function damageMeaning(name) {
  switch (extname(name)) {
    case ".jsonl":
      return damageJsonLine;
    case ".json":
      return damageJson;
    default:
      return damageCell;
  }
}

/** @type {import("./bytes.mjs").Damage} */
function damageLines(bytes, random) {
  const lines = bytes.toString("utf8").split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  const instead = [
    [],
    [line, line],
    [line.slice(0, random.below(line.length + 1))],
    [nested(random)],
  ];
  lines.splice(at, 1, ...random.pick(instead));
  return Buffer.from(lines.join("\n"));
}

/** So deep that whatever walks it by recursion runs out of stack. @param {Random} random */
function nested(random) {
  const depth = 100_000;
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
  ]);
  const value = `${open.repeat(depth)}1${close.repeat(depth)}`;
  return random.pick([
    value,
    `{"type":"case","case_id":${value}}`,
    `{"type":"run","plan":${value}}`,
  ]);
}

/** @type {import("./bytes.mjs").Damage} */
function damageJson(bytes, random) {
  return Buffer.from(damagedJson(bytes.toString("utf8"), random));
}

/** @type {import("./bytes.mjs").Damage} */
function damageJsonLine(bytes, random) {
  const lines = bytes.toString("utf8").split("\n").filter(Boolean);
  const at = random.below(lines.length);
  lines[at] = damagedJson(lines[at] ?? "", random);
  return Buffer.from(`${lines.join("\n")}\n`);
}

/**
 * Puts other values in the place of some.
 *
 * @param {string} text
 * @param {Random} random
 */
function damagedJson(text, random) {
  /** @type {unknown} */
  const value = JSON.parse(text);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const places = placesIn(value);
    if (places.length === 0) break;
    const { holder, key } = random.pick(places);
    // A text for a text is taken more often than not.
    if (typeof holder[key] === "string" && random.chance(0.7)) holder[key] = random.pick(texts);
    else if (random.chance(0.15)) delete holder[key];
    else holder[random.chance(0.1) ? random.pick(texts) : key] = random.pick(values);
  }
  const written = JSON.stringify(value);
  // JSON.parse makes these own keys.
  return random.chance(0.1)
    ? written.replace(/"(?:case_id|machine|model|type)"/u, '"__proto__"')
    : written;
}

/**
 * @param {unknown} value
 * @param {{ holder: Record<string, unknown>, key: string }[]} found
 */
function placesIn(value, found = []) {
  if (typeof value !== "object" || value === null) return found;
  const holder = /** @type {Record<string, unknown>} */ (value);
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    placesIn(holder[key], found);
  }
  return found;
}

/** A cell of a CSV or a Markdown table becomes another. @type {import("./bytes.mjs").Damage} */
function damageCell(bytes, random) {
  const cells = bytes.toString("utf8").split(/([,|\n])/u);
  const at = 2 * random.below(Math.ceil(cells.length / 2));
  const text = random.pick(texts);
  cells[at] = random.chance(0.5) ? `"${text.replaceAll('"', '""')}"` : text;
  return Buffer.from(cells.join(""));
}
