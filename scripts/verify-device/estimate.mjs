// @ts-check
// How long a step takes and how much it writes, before it begins. Rough on purpose: it says minutes or hours.

/**
 * @typedef {import("./steps.mjs").Step} Step
 * @typedef {import("./steps.mjs").Work} Work
 */

/** Assumed rates of a slow machine of each kind: bytes of weights read a second, operations a second. */
const rates = {
  // A laptop's GPU.
  gpu: { bytes: 150e9, operations: 3e12 },
  // llvmpipe on 2 cores: a 24M model at Q4_0 makes 12 tokens a second.
  software: { bytes: 0.15e9, operations: 2e9 },
  cpu: { bytes: 15e9, operations: 100e9 },
};

/** A SATA SSD. */
const diskBytesPerSecond = 500e6;

/** Full warm-ups, at most three a case. */
const warmups = 3;

/** Multiply-adds count twice, and a byte at Q4_0 holds 16/9 weights. */
const operationsPerByte = 2 * (16 / 9);

/** Node, the engine's library and its child. */
const startSeconds = 3;

/**
 * @param {Work} work
 * @param {keyof typeof rates} kind
 */
function workSeconds({ candidate, cases, promptTokens, genTokens, repetitions }, kind) {
  const { deviceBytes, hostBytes, tensorBytes } = candidate;
  const share = deviceBytes + hostBytes === 0 ? 0 : deviceBytes / (deviceBytes + hostBytes);
  /** @param {"bytes" | "operations"} rate */
  const secondsPerByte = (rate) => share / rates[kind][rate] + (1 - share) / rates.cpu[rate];
  const prompt = promptTokens * operationsPerByte * tensorBytes * secondsPerByte("operations");
  const generation = genTokens * tensorBytes * secondsPerByte("bytes");
  // Half of the cases process a prompt, half generate.
  const computing = (cases / 2) * (repetitions + warmups) * (prompt + generation);
  return startSeconds + tensorBytes / diskBytesPerSecond + computing;
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
  return { seconds: writtenBytes / diskBytesPerSecond + computing, writtenBytes };
}
