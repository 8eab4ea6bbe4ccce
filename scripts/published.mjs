/**
 * Writes reports/reference/: the published figures of scripts/published/ in llmbench's CSV schema, one file a machine,
 * each row with its source. Needs a built checkout.
 *
 *   node scripts/published.mjs [FOLDER]
 *
 * FOLDER takes the place of reports/reference/; a test compares what is written there.
 *
 * Bytes are arithmetic, not published: weights from the size in GiB, the KV cache (f16) from the model's shape. Compute
 * buffers of those builds aren't known and stay empty. A discrete card's budget is its nominal memory, a Mac's the
 * working set that its logs print.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "csv-stringify/sync";
import { columnNames, columns } from "../dist/index.js";
import { groupBy, toCell } from "../dist/maintenance.js";
import { appleSilicon, cudaAndVulkan, partialOffload } from "./published/chips.mjs";
import { llama2 } from "./published/llama2.mjs";
import { llama3 } from "./published/llama3.mjs";
import { withUseFit } from "./published/useFit.mjs";
import { year2026 } from "./published/year2026.mjs";

/** Up to the last that published figures could have: what llmbench reads while it measures would stand empty in all of them. */
const names = [...columnNames.slice(0, columnNames.indexOf("power_boundary") + 1), "source"];

const records = [
  ...llama3(),
  ...llama2(),
  ...appleSilicon(),
  ...cudaAndVulkan(),
  ...partialOffload(),
  ...year2026(),
];
const machines = groupBy(records, (record) => record.machine.name);
const reference = fileURLToPath(new URL("../reports/reference", import.meta.url));
const target = process.argv[2] ?? reference;
mkdirSync(target, { recursive: true });
for (const file of readdirSync(target)) if (file.endsWith(".csv")) rmSync(join(target, file));
for (const [machine, own] of machines) {
  const lines = own.map((record, index) =>
    line({ ...withUseFit(record, own), id: `${machine}-${index + 1}` }),
  );
  const text = stringify([names, ...lines], { record_delimiter: "windows" });
  writeFileSync(join(target, `${machine}.csv`), text);
}
console.log(`${records.length} rows of ${machines.size} machines in ${target}`);

function line(record) {
  return names.map((name) => toCell(columns[name].of(record)));
}
