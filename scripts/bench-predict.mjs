// @ts-check
// `npm run bench:predict`: how far predictions are from published rows that were kept aside. Needs a built checkout.
import { loadMachines } from "../dist/index.js";
import {
  calibrate,
  crossJudged,
  fitRanges,
  keptAside,
  leaveGroupsOut,
  leftOutScore,
  memoryKindOf,
  partOf,
  publishedResults,
  publishedSamples,
  scoreOf,
  shapeOfModel,
  speedOf,
} from "../dist/maintenance.js";

const help = `
bench:predict: published rows of reports/reference, predicted from datasheets and from the machine's other rows

  npm run bench:predict -- [--groups] [--rows] [--constants] [--ranges]

  --groups     print every machine, kind of memory and architecture that was left out
  --rows       print every row of a machine that was left out: measured, predicted, error
  --constants  print what all published rows tell: the constants of decodeDefaults.ts and prefillDefaults.ts
  --ranges     print the ranges that hold what was left out: those of predictionError.ts
`;

/** @typedef {import("../src/maintenance.ts").KeptAside} KeptAside */
/** @typedef {import("../src/maintenance.ts").LeftOut} LeftOut */
/** @typedef {import("../src/maintenance.ts").Sample} Sample */

const known = new Set(["--groups", "--rows", "--constants", "--ranges"]);
const flags = process.argv.slice(2);
if (flags.some((flag) => !known.has(flag))) {
  console.log(help);
  process.exit(flags.includes("--help") ? 0 : 2);
}

const machines = loadMachines();
const samples = publishedSamples(publishedResults(), machines);
if (flags.includes("--constants")) {
  console.log(calibrate(samples));
  process.exit(0);
}

const kinds = /** @type {const} */ (["decode", "prefill"]);
const machine = (/** @type {Sample} */ sample) => sample.machine;
const memory = (/** @type {Sample} */ { datasheet }) =>
  `${datasheet.backend}, ${memoryKindOf(datasheet)} memory`;
const architecture = (/** @type {Sample} */ { record }) =>
  shapeOfModel(record.model.id)?.architecture ?? null;

const part = (/** @type {Sample} */ sample) => `${sample.machine} ${partOf(sample.record)}`;

/** @typedef {{ name: string, groupOf: (sample: Sample) => string | null, left: LeftOut[] }} LeavingOut */

/** @type {LeavingOut[]} */
const leavings = [
  { name: "machine left out", groupOf: machine, left: leaveGroupsOut(samples, machine) },
  { name: "kind of memory left out", groupOf: memory, left: leaveGroupsOut(samples, memory) },
  {
    name: "architecture left out",
    groupOf: architecture,
    left: leaveGroupsOut(samples, architecture, { besideOthers: true }),
  },
  {
    name: "model and quantization left out",
    groupOf: part,
    left: leaveGroupsOut(samples, part, { besideOthers: true, constants: calibrate(samples) }),
  },
  {
    name: "machine left out, as of today's builds",
    groupOf: machine,
    left: leaveGroupsOut(samples, machine, { asToday: true }),
  },
];
const evidence = leavings.flatMap(({ left }) => left);
if (flags.includes("--ranges")) {
  console.log(JSON.stringify(fitRanges(evidence), null, 2));
  process.exit(0);
}

console.log(
  "Predicted without the rows of what was left out, counted by machine; ranges as shipped, and as the others' errors give them:",
);
for (const { name, groupOf, left } of leavings) {
  const crossed = crossJudged(left, evidence, groupOf);
  for (const kind of kinds) {
    const score = leftOutScore(left, kind, "machine");
    const held = leftOutScore(crossed, kind, "machine");
    if (score !== null) console.log(leftOutLine(`${kind}, ${name}`, score, held));
    const own = flags.includes("--groups") ? leftOutScore(left, kind) : null;
    for (const group of own?.groups ?? []) console.log(groupLine(group));
  }
  if (flags.includes("--rows") && name === "machine left out") {
    for (const one of left) console.log(rowLine(one));
  }
}

const rows = keptAside(publishedResults(), machines);
console.log("\nPredicted from the machine's smallest model, counted by row:");
for (const [name, belongs] of /** @type {[string, (one: KeptAside) => boolean][]} */ ([
  ["all", () => true],
  ["one device", ({ record }) => (record.machine.nDevices ?? 1) === 1],
  ["several cards", ({ record }) => (record.machine.nDevices ?? 1) > 1],
])) {
  for (const kind of kinds) {
    const score = scoreOf(
      rows.filter((one) => one.kind === kind && one.from === "rows" && belongs(one)),
    );
    if (score !== null) console.log(scoreLine(`${kind} from rows, ${name}`, score));
  }
}

/** @param {string} name @param {import("../src/maintenance.ts").LeftOutScore} score @param {import("../src/maintenance.ts").LeftOutScore | null} held */
function leftOutLine(name, { groups, rows: count, medianError, insideShare, medianWidth }, held) {
  return [
    name.padEnd(48),
    `${count} rows of ${groups.length}`.padStart(15),
    `median ${percent(medianError)}`,
    `${percent(insideShare)} inside, high ÷ low ${medianWidth.toFixed(2)}`,
    ...(held === null
      ? []
      : [`by others' ranges ${percent(held.insideShare)} inside, ${held.medianWidth.toFixed(2)}`]),
  ].join("  ");
}

/** @param {import("../src/maintenance.ts").GroupScore} group */
function groupLine({ group, rows: count, medianError, bias, insideShare }) {
  return `    ${group.padEnd(32)} ${`${count} rows`.padStart(9)}  median ${percent(medianError)} (${bias > 0 ? "too fast" : "too slow"})  ${percent(insideShare)} inside`;
}

/** @param {string} name @param {import("../src/maintenance.ts").KeptAsideScore} score */
function scoreLine(name, { count, medianError, eightyPercentError, insideShare }) {
  return [
    name.padEnd(48),
    `${count} rows`.padStart(15),
    `median ${percent(medianError)}`,
    `4 of 5 within ${percent(eightyPercentError)}`,
    `${percent(insideShare)} inside the stated range`,
  ].join("  ");
}

/** @param {LeftOut} one */
function rowLine({ sample: { record }, kind, predicted, error, inside }) {
  const { machine: box, engine, model } = record;
  const measured = `${speedOf(record)?.toFixed(2)} t/s, predicted ${predicted.toFixed(2)}`;
  return `${box.name}  ${engine.version ?? ""}  ${model.id} ${model.quantization}  ${kind}: ${measured}, ${percent(error)}${inside ? "" : ", outside"}`;
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}
