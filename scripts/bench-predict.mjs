/**
 * How far predictions are from published rows that were kept aside. Needs a built checkout.
 *
 *   npm run bench:predict [-- --verbose]
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, quantile } from "simple-statistics";
import { loadMachines } from "../dist/machine/machineCatalogue.js";
import { datasheetOf, unknownDatasheet } from "../dist/predict/datasheet.js";
import { decodeModel } from "../dist/predict/decodeModel.js";
import { prefillModel } from "../dist/predict/prefillModel.js";
import { publishedRows } from "../dist/predict/publishedRows.js";
import { timedDecode, timedPrefill } from "../dist/predict/rowWork.js";
import { reportedCaseSchema } from "../dist/results/caseResult.js";
import { readCsv } from "../dist/results/csv.js";

const verbose = process.argv.includes("--verbose");
const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "reports", "reference");
const all = readdirSync(folder)
  .filter((f) => f.endsWith(".csv"))
  .flatMap((f) => readCsv(readFileSync(join(folder, f), "utf8"), f, reportedCaseSchema));

// group by machine label + build
const key = (r) => `${r.machine} ${r.engine_version ?? r.build_commit ?? ""}`;
const groups = new Map();
for (const r of all.filter(
  (r) =>
    r.status === "measured" &&
    r.n_gpu_layers > r.n_layers &&
    !r.warnings.some((w) => w.includes("slow as a CPU")),
))
  groups.set(key(r), [...(groups.get(key(r)) ?? []), r]);
const machineOf = (r) =>
  loadMachines().find(
    (m) => publishedRows({ ...m }, [r]).length > 0 && m.gpu.count === (r.n_devices ?? 1),
  ) ??
  loadMachines().find(
    (m) =>
      publishedRows({ ...m, gpu: { ...m.gpu, count: r.n_devices ?? 1 } }, [
        { ...r, split_mode: "layer" },
      ]).length > 0,
  );

const scores = new Map();
const note = (name, error, inside) =>
  scores.set(name, [...(scores.get(name) ?? []), { error, inside }]);
for (const [name, rows] of groups) {
  const machine = machineOf(rows[0]);
  const sheet = machine ? datasheetOf(machine) : unknownDatasheet(rows[0].backend);
  const is23 = rows[0].engine_version === "b1620" || rows[0].engine_version === "b1026";
  const kept = (r) =>
    is23
      ? !r.model.includes("7b")
      : rows.some((x) => x.model.includes("70b"))
        ? r.model.includes("70b")
        : r.quantization === "q8_0";
  const cal = rows.filter((r) => !kept(r)),
    held = rows.filter(kept);
  const multi = rows[0].n_devices > 1;
  const era = is23 ? "2023" : rows[0].engine_version ? "2024" : "scoreboards";
  const tag = `${era}${multi ? " several GPUs" : ""}`;
  for (const [how, source] of [
    ["calibrated", { datasheet: sheet, measured: [], published: [cal] }],
    [
      "calibrated, no datasheet",
      { datasheet: unknownDatasheet(sheet.backend), measured: [], published: [cal] },
    ],
    ["datasheet", { datasheet: sheet, measured: [], published: [] }],
  ]) {
    const decode = decodeModel(source);
    const prefill = prefillModel(source, decode);
    for (const r of how === "datasheet" ? rows : held) {
      for (const [kind, timed, model] of [
        ["decode", timedDecode(r), decode],
        ["prefill", timedPrefill(r), prefill],
      ]) {
        if (!timed || !model) continue;
        const p = model.predict(timed.work);
        const ts = kind === "decode" ? p.tg_ts : p.pp_ts;
        const error = ts / r.avg_ts - 1;
        note(`${kind}, ${how}, ${tag}`, error, r.avg_ts >= p.low && r.avg_ts <= p.high);
        note(`${kind}, ${how}, all`, error, r.avg_ts >= p.low && r.avg_ts <= p.high);
        if (verbose && how !== "calibrated, no datasheet")
          console.log(
            kind,
            how,
            name,
            r.model,
            r.quantization,
            r.test,
            r.avg_ts,
            ts.toFixed(2),
            `${(100 * error).toFixed(1)}%`,
          );
      }
    }
  }
}
for (const [name, list] of [...scores].sort()) {
  const e = list.map(({ error }) => Math.abs(error));
  console.log(
    name.padEnd(60),
    String(e.length).padStart(4),
    `median ${(100 * median(e)).toFixed(1)}%`,
    `p80 ${(100 * quantile(e, 0.8)).toFixed(1)}%`,
    `p90 ${(100 * quantile(e, 0.9)).toFixed(1)}%`,
    `inside ${((100 * list.filter((x) => x.inside).length) / list.length).toFixed(0)}%`,
    `bias ${(100 * median(list.map((x) => x.error))).toFixed(1)}%`,
  );
}
