// @ts-check
// How long a step takes and how much it writes, before it begins. Rough on purpose: it says minutes or hours.

/**
 * @typedef {import("./steps.mjs").Step} Step
 * @typedef {import("./steps.mjs").Work} Work
 */

/**
 * Assumed of a slow machine of each kind: seconds until a process has its model's first token, bytes of weights read a
 * second, operations a second.
 */
const rates = {
  // A laptop's GPU.
  gpu: { start: 4, bytes: 150e9, operations: 3e12 },
  // llvmpipe on 2 cores, which compiles its shaders anew in each process: a 24M model at Q4_0 makes 12 tokens a second.
  software: { start: 10, bytes: 0.15e9, operations: 1e9 },
  cpu: { start: 2, bytes: 15e9, operations: 100e9 },
};

/** Writing to a SATA SSD; loading what is mostly in the page cache. */
const diskBytesPerSecond = 500e6;
const loadBytesPerSecond = 2e9;

/** A case without a model file: a process, some repetitions of a quarter of a second, or a few steps of training. */
const bareSeconds = 10;

/** Full warm-ups, at most three a case. */
const warmups = 3;

/** Multiply-adds count twice, and a byte at Q4_0 holds 16/9 weights. */
const operationsPerByte = 2 * (16 / 9);

/**
 * @param {Work} work
 * @param {keyof typeof rates} kind
 */
function workSeconds(work, kind) {
  const { candidate, processes, cases, promptTokens, genTokens, repetitions } = work;
  const { deviceBytes, hostBytes, tensorBytes } = candidate;
  const share = deviceBytes + hostBytes === 0 ? 0 : deviceBytes / (deviceBytes + hostBytes);
  /** @param {"bytes" | "operations"} rate */
  const secondsPerByte = (rate) => share / rates[kind][rate] + (1 - share) / rates.cpu[rate];
  const prompt = promptTokens * operationsPerByte * tensorBytes * secondsPerByte("operations");
  const generation = genTokens * tensorBytes * secondsPerByte("bytes");
  // Half of the cases process a prompt, half generate.
  const computing = (cases / 2) * (repetitions + warmups) * (prompt + generation);
  const loading = rates[kind].start + tensorBytes / loadBytesPerSecond;
  return processes * loading + computing;
}

/**
 * @param {readonly Step[]} steps
 * @param {keyof typeof rates} kind
 * @returns {{ seconds: number, writtenBytes: number }}
 */
export function estimate(steps, kind) {
  const works = steps.flatMap((step) => step.works);
  const files = new Map(
    works.map(({ candidate }) => [
      `${candidate.model} ${candidate.quantization}`,
      candidate.fileBytes,
    ]),
  );
  const writtenBytes = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  const computing = works.reduce((sum, work) => sum + workSeconds(work, kind), 0);
  const bare = steps.flatMap((step) => step.bare);
  const others = bare.reduce((sum, { cases }) => sum + cases * bareSeconds, 0);
  return { seconds: writtenBytes / diskBytesPerSecond + computing + others, writtenBytes };
}
