// @ts-check
// What verify-device does, as data: each step's command lines of `llmbench run`, and what must be true of their cases.
import { LlmbenchError, isMeasured, rowOf, testName } from "../../dist/index.js";
import { endOf } from "../bench/llmbench.mjs";
import { parityWork } from "../bench/parity.mjs";

/**
 * @typedef {import("../bench/llmbench.mjs").CaseRecord} CaseRecord
 * @typedef {import("./facts.mjs").Facts} Facts
 * @typedef {import("./facts.mjs").Candidate} Candidate
 *
 * @typedef {{ what: string, outcome: "passed" | "failed" | "undecided" | "not tried", detail: string }} Check
 *
 * @typedef {object} Work one command line of a model file, and what it takes
 * @property {Candidate} candidate
 * @property {readonly string[]} flags
 * @property {number} processes that load the model
 * @property {number} cases over all of them
 * @property {number} promptTokens of one repetition, depth included
 * @property {number} genTokens
 * @property {number} repetitions
 *
 * @typedef {object} BareWork one without a model file
 * @property {readonly string[]} flags
 * @property {number} cases
 *
 * @typedef {object} Step
 * @property {"parity" | "offload" | "settings" | "sizes" | "roofline" | "training"} name
 * @property {string} does
 * @property {readonly Work[]} works
 * @property {readonly BareWork[]} bare
 * @property {readonly import("../bench/parity.mjs").ParityWork[]} parity
 * @property {(cases: readonly CaseRecord[]) => Check[]} check
 * @property {readonly Check[]} notTried
 */

/** @type {readonly string[]} */
export const stepNames = ["parity", "offload", "settings", "sizes", "roofline", "training"];

/** What the small form, for a device in software, does instead. */
export const forms = {
  full: {
    parity: ["tinyllama-1.1b", "llama-2-7b"],
    offload: ["llama-2-7b", "tinyllama-1.1b"],
    settings: "tinyllama-1.1b",
    sizes: ["llama-2-7b", "llama-2-13b", "llama-2-70b"],
    quantizations: ["q4_0"],
    tokens: { nPrompt: "512", nGen: "128" },
    depth: "4096",
    repetitions: 3,
    rounds: 6,
    tolerance: 0.02,
    matmul: "4096",
    training: { model: "toy-124m", train: "512x4" },
  },
  small: {
    parity: ["toy-4m"],
    offload: ["toy-24m"],
    settings: "toy-4m",
    sizes: ["toy-4m", "toy-24m"],
    quantizations: ["q4_0", "q8_0"],
    tokens: { nPrompt: "32", nGen: "8" },
    depth: "64",
    repetitions: 2,
    rounds: 6,
    tolerance: 0.05,
    matmul: "512",
    training: { model: "toy-4m", train: "64x2" },
  },
};

/** @typedef {typeof forms.full} Form */

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step[]}
 */
export function steps(facts, form) {
  return [
    parityStep(facts, form),
    offloadStep(facts, form),
    settingsStep(facts, form),
    sizesStep(facts, form),
    rooflineStep(facts, form),
    trainingStep(facts, form),
  ];
}

/**
 * @param {Facts} facts
 * @param {string} model
 * @param {string} [quantization]
 */
function find({ candidates }, model, quantization = "q4_0") {
  const found = candidates.find((one) => one.model === model && one.quantization === quantization);
  if (found === undefined)
    throw new LlmbenchError("usage", `${model} ${quantization} was not planned`);
  return found;
}

/** @param {Candidate} candidate */
function nameOf({ model, quantization }) {
  return `${model} ${quantization}`;
}

/**
 * @param {Candidate} candidate
 * @param {Form} form
 * @param {readonly string[]} flags
 * @param {{ cases?: number, depth?: number, processes?: number }} [extent] cases that the flags make, mean depth of them
 * @returns {Work}
 */
function work(candidate, form, flags, { cases = 2, depth = 0, processes = 1 } = {}) {
  const { nPrompt, nGen } = form.tokens;
  return {
    candidate,
    flags: [
      ["--model", candidate.model, "--quant", candidate.quantization],
      ["-p", nPrompt, "-n", nGen, "-r", String(form.repetitions)],
      flags,
    ].flat(),
    processes,
    cases,
    promptTokens: Number(nPrompt) + depth,
    genTokens: Number(nGen),
    repetitions: form.repetitions,
  };
}

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step}
 */
function parityStep(facts, form) {
  const fitting = form.parity
    .map((model) => find(facts, model))
    .filter(({ fit }) => fit === "full");
  return {
    name: "parity",
    does: `llmbench against llama-bench, ${form.rounds} rounds each, at depth 0 and ${form.depth}`,
    works: fitting.map((candidate) =>
      work(candidate, form, [], {
        processes: form.rounds * 2,
        cases: form.rounds * 2 * 4,
        depth: Number(form.depth) / 2,
      }),
    ),
    bare: [],
    parity: fitting.map(({ model }) =>
      parityWork(model, form.tokens, `0,${form.depth}`, form.repetitions, form.tolerance),
    ),
    check: () => [],
    notTried: [],
  };
}

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step}
 */
function offloadStep(facts, form) {
  const does = "gpu layers 0, half, all: as asked, with buffers where they belong";
  const nothing = {
    name: /** @type {const} */ ("offload"),
    does,
    works: [],
    bare: [],
    parity: [],
    check: () => [],
  };
  const candidate = form.offload
    .map((model) => find(facts, model))
    .find(({ fit }) => fit === "full");
  if (facts.kind === "cpu" || candidate === undefined) {
    const detail = facts.kind === "cpu" ? "llama.cpp sees no GPU here" : "no model fits the device";
    return { ...nothing, notTried: [{ what: "gpu layers", outcome: "not tried", detail }] };
  }
  const all = candidate.nLayers + 1;
  const asked = [0, Math.floor(all / 2), all];
  return {
    ...nothing,
    works: [work(candidate, form, ["--gpu-layers", asked.join(",")], { cases: 2 * asked.length })],
    check: (cases) => asked.map((layers) => offloadCheck(layers, all, cases)),
    notTried: [],
  };
}

/** @param {CaseRecord} record */
function weightsOnDevice({ buffers }) {
  return buffers
    .filter(({ device }) => device !== "host")
    .reduce((sum, { weightsBytes }) => sum + weightsBytes, 0);
}

/**
 * @param {number} layers
 * @param {number} all
 * @param {readonly CaseRecord[]} cases
 * @returns {Check}
 */
function offloadCheck(layers, all, cases) {
  const record = cases.find(({ settings: { gpuLayers } }) => gpuLayers === layers);
  const what = `${layers} of ${all} layers on the device`;
  if (record === undefined || record.status !== "measured") {
    const detail = record === undefined ? "no row says so many layers" : endOf(record);
    return { what, outcome: "failed", detail };
  }
  const bytes = weightsOnDevice(record);
  const right = layers === 0 ? bytes === 0 : bytes > 0;
  return {
    what,
    outcome: right ? "passed" : "failed",
    detail: `${record.model.id}: ${(bytes / 2 ** 20).toFixed(1)} MiB of weights there`,
  };
}

/** One flag at a time on a small model, and what the case must then say. */
const settingChecks =
  /** @type {readonly (readonly [string, readonly string[], (record: CaseRecord) => boolean])[]} */ ([
    [
      "flash attention on",
      ["--flash-attn", "on"],
      ({ settings: { flashAttn } }) => flashAttn === true,
    ],
    [
      "flash attention off",
      ["--flash-attn", "off"],
      ({ settings: { flashAttn } }) => flashAttn === false,
    ],
    [
      "KV cache at q8_0",
      ["--cache-type-k", "q8_0", "--cache-type-v", "q8_0", "--flash-attn", "on"],
      ({ settings: { typeK, typeV } }) => typeK === "q8_0" && typeV === "q8_0",
    ],
    [
      "KV cache in host memory",
      ["--no-kv-offload", "1"],
      ({ buffers }) => buffers.every(({ device, kvBytes }) => (device === "host") === kvBytes > 0),
    ],
    [
      "weights read, not mapped",
      ["--load-mode", "none"],
      ({ settings: { loadMode } }) => loadMode === "none",
    ],
    ["ubatch of 16", ["--ubatch-size", "16"], ({ settings: { nUbatch } }) => nUbatch === 16],
    [
      "split mode none",
      ["--split-mode", "none"],
      ({ settings: { splitMode } }) => splitMode === "none",
    ],
  ]);

/** @param {CaseRecord} record */
function whyBad(record) {
  return isMeasured(record) ? "the row says otherwise" : endOf(record);
}

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step}
 */
function settingsStep(facts, form) {
  const candidate = find(facts, form.settings);
  const several = facts.devices.length > 1;
  return {
    name: "settings",
    does: `each setting of llama.cpp by itself (${settingChecks.length}), on ${nameOf(candidate)}`,
    works: settingChecks.map(([, flags]) => work(candidate, form, flags)),
    bare: [],
    parity: [],
    check: (cases) =>
      settingChecks.map(([what, , holds], index) => {
        const own = cases.slice(2 * index, 2 * index + 2);
        const bad = own.find((record) => !isMeasured(record) || !holds(record));
        const detail = bad === undefined ? "" : whyBad(bad);
        return { what, outcome: bad === undefined && own.length > 0 ? "passed" : "failed", detail };
      }),
    notTried: several
      ? []
      : [{ what: "several devices", outcome: "not tried", detail: "this machine has one or none" }],
  };
}

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step}
 */
function sizesStep(facts, form) {
  const wanted = facts.candidates.filter(
    ({ model, quantization }) =>
      form.sizes.includes(model) && form.quantizations.includes(quantization),
  );
  /** @type {Candidate[]} */
  const tried = [];
  /** @type {Check[]} */
  const notTried = [];
  let room = facts.freeDiskBytes;
  for (const candidate of wanted) {
    const what = nameOf(candidate);
    if (candidate.fit === "none") {
      notTried.push({ what, outcome: "not tried", detail: candidate.why });
    } else if (candidate.fileBytes > room) {
      notTried.push({ what, outcome: "not tried", detail: "the disk has no room for its weights" });
    } else {
      room -= candidate.fileBytes;
      tried.push(candidate);
    }
  }
  return {
    name: "sizes",
    does: `models as far as they fit: ${tried.map(nameOf).join(", ") || "none"}`,
    works: tried.map((candidate) => work(candidate, form, [])),
    bare: [],
    parity: [],
    check: (cases) =>
      tried.map((candidate) => {
        const own = cases.filter(
          ({ model }) =>
            model.id === candidate.model && model.quantization === candidate.quantization,
        );
        const bad = own.find((record) => !isMeasured(record));
        const layers = own[0]?.settings.gpuLayers ?? 0;
        return {
          what: nameOf(candidate),
          outcome: bad === undefined && own.length > 0 ? "passed" : "failed",
          detail:
            bad === undefined
              ? `fit ${candidate.fit}, ${layers} of ${candidate.nLayers + 1} layers on the device`
              : endOf(bad),
        };
      }),
    notTried,
  };
}

/** Types that every backend of llama.cpp reads and multiplies. */
const roofTypes = ["f16", "q8_0", "q4_0"];

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step}
 */
function rooflineStep({ devices }, form) {
  const matmul = roofTypes.map((type) => `${form.matmul}:${type}`);
  const flags = ["--copy", "--read", roofTypes.join(","), "--matmul", matmul.join(",")];
  const each = 1 + 2 * roofTypes.length;
  const places = devices.length === 0 ? 1 : devices.length + 1;
  return {
    name: "roofline",
    does: `memory and arithmetic without a model: copy, read and matmul of ${roofTypes.join(", ")}`,
    works: [],
    bare: [{ flags: [...flags, "-r", String(form.repetitions)], cases: each * places }],
    parity: [],
    check: (cases) =>
      cases.map((record) => ({
        what: `${testName(record.workload)} on ${record.settings.devices ?? "the CPU"}`,
        outcome: isMeasured(record)
          ? "passed"
          : record.status === "skipped"
            ? "not tried"
            : "failed",
        detail: isMeasured(record) ? valueText(record) : endOf(record),
      })),
    notTried: [],
  };
}

/** Of what a peak of memory is held against: an estimate's upper end. */
const activationsAtMost = 1.5;

/**
 * @param {Facts} facts
 * @param {Form} form
 * @returns {Step}
 */
function trainingStep({ trainers, engine: { backend } }, form) {
  const { model, train } = form.training;
  const here = trainers.filter(({ why }) => why === null);
  const precisions = ["f32", ...(backend === "cuda" ? ["tf32"] : []), "bf16", "f16"];
  const flags = ["--model", model, "--train", train, "--precisions", precisions.join(",")];
  return {
    name: "training",
    does: `a step of ${model}, ${train}, in ${precisions.join(", ")}, with ${here.map(({ name }) => name).join(" and ") || "no framework"}`,
    works: [],
    bare: here.map(({ name, python }) => ({
      flags: [
        "--engine",
        name,
        ...flags,
        "-r",
        String(form.repetitions),
        ...(python === null ? [] : ["--python", python]),
      ],
      cases: precisions.length,
    })),
    parity: [],
    check: (cases) => cases.map(trainingCheck),
    notTried: trainers.flatMap(({ name, why }) =>
      why === null
        ? []
        : [
            {
              what: `training with ${name}`,
              outcome: /** @type {const} */ ("not tried"),
              detail: why,
            },
          ],
    ),
  };
}

/**
 * @param {CaseRecord} record
 * @returns {Check}
 */
function trainingCheck(record) {
  const { engine, model, workload, memory } = record;
  const what = `${engine.name} ${model.id} ${testName(workload)} on ${engine.backend}`;
  if (!isMeasured(record)) {
    const outcome = record.status === "skipped" ? "not tried" : "failed";
    return { what, outcome, detail: endOf(record) };
  }
  const { peakDeviceBytes: peak, lossFirst, lossLast } = record.summary.readings;
  const { weightsBytes, computeBytes } = memory;
  const most = (weightsBytes ?? 0) + activationsAtMost * (computeBytes ?? 0);
  const told = [
    valueText(record),
    `${rowOf(record).train_tflops?.toPrecision(3) ?? "?"} TFLOP/s`,
    `loss ${lossFirst?.toFixed(3) ?? "?"} to ${lossLast?.toFixed(3) ?? "?"}`,
    ...(peak === null
      ? []
      : [
          `peak ${(peak / 2 ** 20).toFixed(0)} MiB, predicted at most ${(most / 2 ** 20).toFixed(0)}`,
        ]),
  ];
  const outcome = peak !== null && peak > most ? "failed" : "passed";
  return { what, outcome, detail: told.join(", ") };
}

/** @param {import("../../dist/index.js").MeasuredRecord} record */
function valueText(record) {
  const { value, unit } = rowOf(record);
  return `${value?.toPrecision(3) ?? "?"} ${unit ?? ""}`;
}
