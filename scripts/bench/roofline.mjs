// @ts-check
// llmbench's copy, read and matmul against programs that do the same, on one thread, in turn.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "simple-statistics";
import { LlmbenchError, testName } from "../../dist/index.js";
import { ggmlTypes, matrixTypeNamed, productInputs, readMatrix } from "../../dist/maintenance.js";
import { BurstProgram } from "./burstProgram.mjs";
import { requireMeasured, runLlmbench } from "./llmbench.mjs";
import { pairedRatio } from "./ratio.mjs";
import { largePages } from "./roofPrograms.mjs";

/**
 * @typedef {import("../../dist/index.js").MeasuredRecord} MeasuredRecord
 * @typedef {import("./burstProgram.mjs").PassNs} PassNs
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
 * @property {(readonly { ours: PassNs, theirs: PassNs }[])[]} launches of each, its rounds
 */

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

/** @typedef {import("./burstProgram.mjs").BurstCommand} BurstCommand */

/**
 * What a run times, by llmbench's own code.
 *
 * @param {MeasuredRecord} record
 * @param {import("../../dist/index.js").RunLine["engine"]} engine
 * @returns {BurstCommand}
 */
function ourCommand({ workload }, engine) {
  const usual = { cpuMask: "0x0", cpuStrict: false, poll: 50, priority: 0 };
  const question = { workload, device: null, seed: 42, nThreads: 1, ...usual };
  return { program: process.execPath, args: [worker, JSON.stringify({ found: engine, question })] };
}

/**
 * The same in C.
 *
 * @param {import("./roofPrograms.mjs").RoofPrograms} programs
 * @param {string} cpuLibrary
 * @param {Work} work
 * @returns {BurstCommand}
 */
function cCommand({ streamOf, inC }, cpuLibrary, work) {
  const { kind, type, columns, rows, count, vectors, bytes } = work;
  if (kind === "copy") return { program: streamOf(bytes), args: [] };
  const args = [cpuLibrary, type, columns, rows / count, count, vectors];
  return { program: inC, args: args.map(String) };
}

/**
 * The same by test-backend-ops: all rows in one matrix, since it repeats a single one.
 *
 * @param {import("./roofPrograms.mjs").RoofPrograms} programs
 * @param {string} cpuLibrary
 * @param {Work} work
 * @param {string} folder for its list of tests
 * @returns {BurstCommand}
 */
function backendOpsCommand({ backendOps, multiplication }, cpuLibrary, work, folder) {
  const file = join(folder, "tests.txt");
  writeFileSync(file, `${testLine(multiplication, work)}\n`);
  return {
    program: backendOps,
    args: ["perf", "-b", "CPU", "--test-file", file],
    // It looks for backends in the working directory.
    cwd: dirname(cpuLibrary),
    env: { ...largePages, GGML_BACKEND_PATH: cpuLibrary },
  };
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

const worker = fileURLToPath(new URL("roofWorker.mjs", import.meta.url));

/** Seconds that a program goes on before the first round counts. */
const warmUpSeconds = 0.05;

/**
 * One launch of programs that do the same: all are laid out and wait, and go on in turn, the first one always another.
 *
 * @param {readonly [ours: BurstCommand, ...others: BurstCommand[]]} commands
 * @param {number} rounds
 * @param {number} seconds of each burst
 * @returns {Promise<readonly (readonly PassNs[])[]>} of each round, each program's
 */
async function launchInTurn(commands, rounds, seconds) {
  const programs = commands.map((command) => new BurstProgram(command));
  try {
    await Promise.all(programs.map((program) => program.ready()));
    for (const program of programs) await program.burst(warmUpSeconds);
    const told = [];
    for (let round = 0; round < rounds; round++) {
      /** @type {PassNs[]} */
      const passes = [];
      for (let turn = 0; turn < programs.length; turn++) {
        const at = (round + turn) % programs.length;
        const program = programs[at];
        if (program !== undefined) passes[at] = await program.burst(seconds);
      }
      told.push(passes);
    }
    return told;
  } finally {
    await Promise.all(programs.map((program) => program.close()));
  }
}

/**
 * Speed over the other's: the median over launches, each the median of its rounds. Bursts of a round lie within a second,
 * so that what else runs meets both; what pages a process was given is drawn anew for each launch.
 *
 * @param {RoofPair} pair
 * @param {keyof PassNs} clock
 */
export function ratioOf({ launches }, clock) {
  const ofLaunches = launches.map((rounds) =>
    median(rounds.map(({ ours, theirs }) => theirs[clock] / ours[clock])),
  );
  return pairedRatio(ofLaunches.map((ratio) => ({ ours: ratio, theirs: 1 })));
}

/**
 * Each comparison as soon as its launches are over.
 *
 * @param {readonly string[]} tests flags of `llmbench run`
 * @param {object} options
 * @param {number} options.launches
 * @param {number} options.rounds of each
 * @param {number} options.seconds of a burst
 * @param {(libraries: string) => import("./roofPrograms.mjs").RoofPrograms} options.build
 * @param {(line: string) => void} options.say
 * @returns {AsyncGenerator<RoofPair>}
 */
export async function* compareRoofs(tests, { launches, rounds, seconds, build, say }) {
  say("first run, not counted");
  const usual = ["-t", "1", "--device", "cpu", "--no-lock", "-r", "1", "--warmup", "none"];
  const first = requireMeasured(await runLlmbench([...tests, ...usual]));
  const cpuLibrary = first.libraries.find((path) => /ggml-cpu/.test(basename(path)));
  if (cpuLibrary === undefined) throw new LlmbenchError("engine", "no library of a CPU backend");
  const engine = { ...first.run.engine, libraries: [...first.libraries] };
  const programs = build(dirname(cpuLibrary));
  const folder = mkdtempSync(join(tmpdir(), "llmbench-ops-"));
  try {
    for (const record of first.cases) {
      const test = testName(record.workload);
      const work = workOf(record);
      const others = [
        {
          against: work.kind === "copy" ? "STREAM in C" : "the same in C",
          command: cCommand(programs, cpuLibrary, work),
        },
        ...(work.kind === "copy" || isRepacked(record)
          ? []
          : [
              {
                against: "test-backend-ops",
                command: backendOpsCommand(programs, cpuLibrary, work, folder),
              },
            ]),
      ];
      const told = [];
      for (let launch = 1; launch <= launches; launch++) {
        say(`${test}: launch ${launch} of ${launches}`);
        const commands = others.map(({ command }) => command);
        told.push(await launchInTurn([ourCommand(record, engine), ...commands], rounds, seconds));
      }
      for (const [index, { against }] of others.entries())
        yield {
          test,
          against,
          launches: told.map((ofLaunch) =>
            ofLaunch.map((passes) => ({
              ours: passNs(passes[0], work.operations),
              theirs: passNs(passes[index + 1], 1),
            })),
          ),
        };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Of one operation.
 *
 * @param {PassNs | undefined} pass
 * @param {number} operations of a pass
 * @returns {PassNs}
 */
function passNs(pass, operations) {
  const { wall, processor } = pass ?? { wall: Number.NaN, processor: Number.NaN };
  return { wall: wall / operations, processor: processor / operations };
}
