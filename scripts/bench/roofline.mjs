// @ts-check
// llmbench's copy, read and matmul against programs that do the same, on one thread, in turn.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { mean } from "simple-statistics";
import { LlmbenchError, isMeasured, testName } from "../../dist/index.js";
import { ggmlTypes, matrixTypeNamed, productInputs, readMatrix } from "../../dist/maintenance.js";
import { lastLines, runToEnd } from "./childOutput.mjs";
import { requireMeasured, runLlmbench } from "./llmbench.mjs";
import { largePages, processorTime } from "./roofPrograms.mjs";
import { inTurn } from "./rounds.mjs";

/**
 * @typedef {import("../../dist/index.js").MeasuredRecord} MeasuredRecord
 * @typedef {{ wall: number, processor: number }} PassNs nanoseconds of a pass; NaN where it isn't told
 *
 * @typedef {object} Work what a pass goes through
 * @property {"copy" | "product"} kind
 * @property {string} type ggml's own name
 * @property {number} columns
 * @property {number} rows of all matrices together
 * @property {number} count matrices
 * @property {number} vectors that an operation multiplies them with
 * @property {number} operations of a pass of llmbench's, where the others' have one
 * @property {number} bytes of a copied array
 *
 * @typedef {object} RoofPair
 * @property {string} test
 * @property {string} against
 * @property {{ ours: PassNs, theirs: PassNs }[]} rounds
 */

/**
 * @param {MeasuredRecord} record
 * @param {Work} work
 * @returns {PassNs}
 */
function ourPass({ launches }, { operations }) {
  const [launch] = launches;
  if (launch.kind !== "timed") throw new LlmbenchError("engine", "a launch without its times");
  const { passes, cpuMs } = launch.readings;
  const each = (passes ?? Number.NaN) * operations;
  return { wall: mean([...launch.samplesNs]) / each, processor: ((cpuMs ?? NaN) * 1e6) / each };
}

/**
 * @param {MeasuredRecord} record
 * @returns {Work}
 */
function workOf({ workload, launches }) {
  const [launch] = launches;
  const bytes = launch.kind === "timed" ? (launch.readings.passBytes ?? 0) : 0;
  if (workload.kind === "copy") {
    const none = { columns: 0, rows: 0, vectors: 0, operations: 1 };
    return { kind: "copy", type: "f32", count: 1, bytes: bytes / 2, ...none };
  }
  if (workload.kind === "read") {
    const type = typeNamed(workload.type);
    const { columns, rows, bytes: each } = readMatrix(type);
    const count = bytes / each;
    const all = { columns, rows: rows * count, count, vectors: 1, operations: 1 };
    return { kind: "product", type, ...all, bytes };
  }
  if (workload.kind === "matmul") {
    const { size } = workload;
    const type = typeNamed(workload.type);
    const [vectors = size, ...others] = productInputs(size);
    if (others.some((more) => more !== vectors))
      throw new LlmbenchError("usage", `${testName(workload)}: its operations are not alike`);
    const all = { columns: size, rows: size, count: 1, vectors, operations: size / vectors };
    return { kind: "product", type, ...all, bytes };
  }
  throw new LlmbenchError("usage", `${testName(workload)} is no test of the machine`);
}

/** @param {string} name */
function typeNamed(name) {
  const type = matrixTypeNamed(name);
  if (type === undefined) throw new LlmbenchError("usage", `no type ${name}`);
  return type;
}

/**
 * The same in C.
 *
 * @param {string} program
 * @param {string} cpuLibrary
 * @param {Work} work
 * @param {number} seconds
 * @returns {Promise<PassNs>}
 */
async function cPass(program, cpuLibrary, work, seconds) {
  const { kind, type, columns, rows, count, vectors, bytes } = work;
  const args =
    kind === "copy"
      ? ["stream", bytes, seconds]
      : ["product", cpuLibrary, type, columns, rows / count, count, vectors, seconds];
  const env = { ...process.env, ...largePages };
  const { code, stdout, stderr } = await runToEnd(program, args.map(String), { env });
  const [wall, processor] = stdout.trim().split(" ").map(Number);
  if (code !== 0 || wall === undefined || processor === undefined)
    throw new LlmbenchError(
      "engine",
      `${basename(program)} ended with ${code}:\n${lastLines(stderr)}`,
    );
  return { wall, processor };
}

/**
 * The same by test-backend-ops: all rows in one matrix, since it repeats a single one.
 *
 * @param {import("./roofPrograms.mjs").RoofPrograms} programs
 * @param {string} cpuLibrary
 * @param {Work} work
 * @param {boolean} byProcessor
 * @returns {Promise<PassNs>}
 */
async function backendOpsPass({ backendOps, multiplication }, cpuLibrary, work, byProcessor) {
  const folder = mkdtempSync(join(tmpdir(), "llmbench-ops-"));
  const clock = byProcessor ? processorTime : {};
  const environment = { ...process.env, ...largePages, ...clock };
  try {
    const file = join(folder, "tests.txt");
    writeFileSync(file, `${testLine(multiplication, work)}\n`);
    const { code, stdout, stderr } = await runToEnd(
      backendOps,
      ["perf", "-b", "CPU", "--test-file", file],
      // It looks for backends in the working directory.
      { cwd: dirname(cpuLibrary), env: { ...environment, GGML_BACKEND_PATH: cpuLibrary } },
    );
    const us = Number(/([\d.]+) us\/run/.exec(stdout)?.[1]);
    if (code !== 0 || !(us > 0))
      throw new LlmbenchError(
        "engine",
        `test-backend-ops ended with ${code}:\n${lastLines(stderr)}`,
      );
    const [told, other] = [us * 1000, Number.NaN];
    return byProcessor ? { wall: other, processor: told } : { wall: told, processor: other };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A line as test-export-graph-ops writes it: operation, type, dimensions, parameters, sources with strides, name.
 *
 * @param {number} operation
 * @param {Work} work
 */
function testLine(operation, { type, columns, rows, vectors }) {
  const { id, blockSize, blockBytes } = ggmlTypes[typeNamed(type)];
  const f32 = ggmlTypes.f32.id;
  /**
   * @param {number} number
   * @param {number} first
   * @param {number} row
   * @param {number} height
   */
  const source = (number, first, row, height) =>
    [number, columns, height, 1, 1, first, row, row * height, row * height].join(" ");
  return [
    `${operation} ${f32} ${rows} ${vectors} 1 1 0 2`,
    source(id, blockBytes, (columns / blockSize) * blockBytes, rows),
    source(f32, 4, 4 * columns, vectors),
    "-",
  ].join(" ");
}

/**
 * Whether llama.cpp put the weights in a layout of the CPU's own, which test-backend-ops doesn't know.
 *
 * @param {MeasuredRecord} record
 */
function isRepacked({ buffers }) {
  return buffers.some(({ weightsRepackedBytes }) => (weightsRepackedBytes ?? 0) > 0);
}

/**
 * @param {readonly string[]} tests flags of `llmbench run`
 * @param {object} options
 * @param {number} options.rounds
 * @param {number} options.seconds that each program repeats its passes
 * @param {boolean} options.byProcessor whether processor time is what is compared
 * @param {(libraries: string) => import("./roofPrograms.mjs").RoofPrograms} options.build
 * @param {(line: string) => void} options.say
 * @returns {Promise<RoofPair[]>}
 */
export async function compareRoofs(tests, { rounds, seconds, byProcessor, build, say }) {
  const args = [...tests, "-t", "1", "--device", "cpu", "--no-lock"];
  say("first run, not counted");
  const first = requireMeasured(await runLlmbench([...args, "-r", "1"]));
  const cpuLibrary = first.libraries.find((path) => /ggml-cpu/.test(basename(path)));
  if (cpuLibrary === undefined) throw new LlmbenchError("engine", "no library of a CPU backend");
  const programs = build(dirname(cpuLibrary));
  const compared = first.cases.filter(isMeasured).flatMap((record) => {
    const work = workOf(record);
    const own = { record, work, against: work.kind === "copy" ? "STREAM in C" : "the same in C" };
    return work.kind === "copy" || isRepacked(record)
      ? [own]
      : [own, { record, work, against: "test-backend-ops" }];
  });
  const pairs = [];
  for (const { record, work, against } of compared) {
    const test = testName(record.workload);
    const measured = await inTurn(
      rounds,
      async () => ourPass(await measureAlone(record, args, seconds), work),
      () =>
        against === "test-backend-ops"
          ? backendOpsPass(programs, cpuLibrary, work, byProcessor)
          : cPass(programs.ours, cpuLibrary, work, seconds),
      (round) => say(`${test} and ${against}: round ${round} of ${rounds}`),
    );
    pairs.push({
      test,
      against,
      rounds: measured.map(({ a: ours, b: theirs }) => ({ ours, theirs })),
    });
  }
  return pairs;
}

/** Of a quarter of a second each. */
const repetitionsOfSecond = 4;

/**
 * @param {MeasuredRecord} record
 * @param {readonly string[]} args
 * @param {number} seconds
 */
async function measureAlone({ workload }, args, seconds) {
  const shared = args.slice(args.indexOf("-t"));
  const own = {
    copy: ["--copy"],
    read: ["--read", "type" in workload ? workload.type : ""],
    matmul: ["--matmul", "size" in workload ? `${workload.size}:${workload.type}` : ""],
  }[/** @type {"copy" | "read" | "matmul"} */ (workload.kind)];
  const repetitions = String(Math.ceil(repetitionsOfSecond * seconds));
  const { cases } = requireMeasured(await runLlmbench([...own, ...shared, "-r", repetitions]));
  const [measured] = cases;
  if (!isMeasured(measured)) throw new LlmbenchError("engine", "nothing was measured");
  return measured;
}
