// @ts-check
// llmbench against llama-bench: the same file, the same libraries, the same work, in turn.
import { comparedTests } from "./comparedTests.mjs";
import { differences, runLlamaBench } from "./llamaBench.mjs";
import { requireMeasured, runLlmbench } from "./llmbench.mjs";
import { inTurn } from "./rounds.mjs";
import { sameCase } from "./sameCase.mjs";

/**
 * @typedef {object} ParityWork
 * @property {string} model as `--model` takes it
 * @property {string | null} quantization
 * @property {string} nPrompt as `-p` takes it
 * @property {string} nGen
 * @property {string} nDepth
 * @property {number} repetitions
 * @property {number} tolerance how far from 1 a ratio may be
 *
 * @typedef {object} ParityOptions
 * @property {readonly string[]} flags further flags of `llmbench run`: device, layers, threads
 * @property {number} rounds
 * @property {string | null} llamaBench an executable of the user's own
 * @property {(line: string) => void} say
 * @property {readonly string[]} [before] what stands before both commands, as to keep them on a processor
 * @property {"mean" | "median"} [centre] of a run's repetitions [mean]
 * @property {(libraries: readonly string[]) => Promise<{ args: readonly string[], env: NodeJS.ProcessEnv }>} [theirs] what
 *   llama-bench needs beyond the same case, by the libraries that llmbench loaded
 *
 * @typedef {import("./overhead.mjs").WholeCommand} WholeCommand
 *
 * @typedef {object} ParityResult
 * @property {string} model
 * @property {string | null} quantization
 * @property {string} backend
 * @property {number | null} gpuLayers
 * @property {number | null} threads
 * @property {import("./comparedTests.mjs").ComparedTest[]} tests
 * @property {{ ours: WholeCommand[], theirs: WholeCommand[] }} commands
 * @property {string[]} notes what was not the same on both sides
 */

/**
 * Work on a catalogue model at Q4_0.
 *
 * @param {string} model
 * @param {{ nPrompt: string, nGen: string }} tokens
 * @param {string} nDepth
 * @param {number} repetitions
 * @param {number} tolerance
 * @returns {ParityWork}
 */
export function parityWork(model, tokens, nDepth, repetitions, tolerance) {
  return { model, quantization: "q4_0", ...tokens, nDepth, repetitions, tolerance };
}

/**
 * @param {ParityWork} work
 * @param {number} repetitions
 */
function ourArguments({ model, quantization, nPrompt, nGen, nDepth }, repetitions = 1) {
  return [
    ["--model", model],
    quantization === null ? [] : ["--quant", quantization],
    ["-p", nPrompt, "-n", nGen, "-d", nDepth, "-r", String(repetitions)],
    ["--warmup", "llama-bench", "--launches", "1"],
  ].flat();
}

/**
 * The first run of llmbench is not counted: it makes the weights, brings the file into the page cache, and says what
 * `auto` means here.
 *
 * @param {ParityWork} work
 * @param {ParityOptions} options
 * @returns {Promise<ParityResult>}
 */
export async function measureParity(work, options) {
  const name = [work.model, work.quantization].filter((part) => part !== null).join(" ");
  options.say(`${name}: first run, not counted`);
  const { before = [] } = options;
  const first = requireMeasured(
    await runLlmbench([...ourArguments(work), ...options.flags], { before }),
  );
  const { executable, args } = sameCase(first, options);
  const more = (await options.theirs?.(first.libraries)) ?? { args: [], env: {} };
  const theirArguments = [
    args,
    more.args,
    ["-p", work.nPrompt, "-n", work.nGen, "-d", work.nDepth, "-r", String(work.repetitions)],
  ].flat();
  const pairs = await inTurn(
    options.rounds,
    async () =>
      requireMeasured(
        await runLlmbench([...ourArguments(work, work.repetitions), ...options.flags], { before }),
      ),
    () => runLlamaBench(executable, theirArguments, first.libraries, { env: more.env, before }),
    (round) => options.say(`${name}: round ${round} of ${options.rounds}`),
  );
  const [{ model, engine, settings }] = first.cases;
  return {
    model: model.id,
    quantization: model.quantization,
    backend: engine.backend ?? "cpu",
    gpuLayers: settings.gpuLayers,
    threads: settings.nThreads,
    tests: comparedTests(
      pairs.map(({ a, b }) => ({ ours: a.cases, theirs: b.cases })),
      work.tolerance,
      options.centre,
    ),
    commands: { ours: pairs.map(({ a }) => a), theirs: pairs.map(({ b }) => b) },
    notes: pairs.slice(0, 1).flatMap(({ a, b }) => differences(b, a)),
  };
}
