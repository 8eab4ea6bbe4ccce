// @ts-check
// `npm run bench:predict`: how far predictions are from published rows that were kept aside. Needs a built checkout.
import { loadMachines } from "../dist/index.js";
import { keptAside, publishedResults, scoreOf, speedOf } from "../dist/maintenance.js";

const help = `
bench:predict: published rows of reports/reference, predicted from the machine's other rows and from its datasheet

  npm run bench:predict -- [--rows]

  --rows   print every row: measured, predicted, error
`;

/** @typedef {import("../src/predict/keptAside.ts").KeptAside} KeptAside */

const flags = process.argv.slice(2);
if (flags.some((flag) => flag !== "--rows")) {
  console.log(help);
  process.exit(flags.includes("--help") ? 0 : 2);
}

/** @type {KeptAside[]} */
const rows = keptAside(publishedResults(), loadMachines());
if (flags.includes("--rows")) for (const one of rows) console.log(rowLine(one));

for (const [name, belongs] of /** @type {[string, (one: KeptAside) => boolean][]} */ ([
  ["all", () => true],
  ["one device", ({ record }) => isOneDevice(record)],
  ["several cards", ({ record }) => !isOneDevice(record)],
  ["one device, builds of 2023", ({ record }) => isOneDevice(record) && buildNumber(record) < 2000],
  [
    "one device, builds of 2024",
    ({ record }) => isOneDevice(record) && buildNumber(record) >= 2000,
  ],
  [
    "one device, scoreboards",
    ({ record }) => isOneDevice(record) && record.engine.version === null,
  ],
])) {
  for (const kind of ["decode", "prefill"]) {
    for (const from of ["rows", "datasheet"]) {
      const score = scoreOf(
        rows.filter((one) => one.kind === kind && one.from === from && belongs(one)),
      );
      if (score !== null) console.log(scoreLine(`${kind} from ${from}, ${name}`, score));
    }
  }
}

/** @param {KeptAside["record"]} record */
function isOneDevice({ machine }) {
  return (machine.nDevices ?? 1) === 1;
}

/** @param {KeptAside["record"]} record */
function buildNumber({ engine }) {
  return Number(engine.version?.slice(1) ?? Number.NaN);
}

/** @param {string} name @param {import("../src/predict/keptAside.ts").KeptAsideScore} score */
function scoreLine(name, { count, medianError, eightyPercentError, insideShare }) {
  return [
    name.padEnd(50),
    `${count} rows`.padStart(9),
    `median ${percent(medianError)}`,
    `4 of 5 within ${percent(eightyPercentError)}`,
    `${percent(insideShare)} inside the stated range`,
  ].join("  ");
}

/** @param {KeptAside} one */
function rowLine({ record, kind, from, predicted, error }) {
  const { machine, engine, model } = record;
  const measured = `${speedOf(record)?.toFixed(2)} t/s, predicted ${predicted.toFixed(2)}`;
  return `${machine.name}  ${engine.version ?? ""}  ${model.id} ${model.quantization}  ${kind} from ${from}: ${measured}, ${percent(error)}`;
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}
