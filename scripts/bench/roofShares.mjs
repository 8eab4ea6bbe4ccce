// @ts-check
// Decode and prefill of a 1.1B model, on one thread, as shares of what read and matmul of its types say.
import { LlmbenchError, isMeasured, testName } from "../../dist/index.js";
import {
  cacheFolder,
  enginePackage,
  resolveModel,
  tensorTypesOf,
  typedQuantization,
} from "../../dist/maintenance.js";
import { runLlmbench } from "./llmbench.mjs";

const model = "tinyllama-1.1b";

/**
 * @typedef {object} Shares
 * @property {string} name model, quantization and test
 * @property {number[]} values of each run
 */

/**
 * @param {string} quantization
 * @param {number} rounds
 * @param {(line: string) => void} say
 * @returns {Promise<Shares[]>}
 */
export async function sharesOf(quantization, rounds, say) {
  const types = await matrixTypesOf(quantization);
  const args = [
    ["--model", model, "--quant", quantization, "-p", "128", "-n", "32"],
    ["--read", types.join(","), "--matmul", types.map((type) => `2048:${type}`).join(",")],
    ["-t", "1", "--device", "cpu", "--no-lock", "-r", "2", "--launches", "1"],
  ].flat();
  /** @type {Map<string, number[]>} */
  const shares = new Map();
  for (let round = 1; round <= rounds; round++) {
    say(`${model} ${quantization}: round ${round} of ${rounds}`);
    for (const record of (await runLlmbench(args)).cases) {
      if (!isMeasured(record) || record.shareOfRoof === null) continue;
      const name = `1.1b ${quantization} ${testName(record.workload)}`;
      shares.set(name, [...(shares.get(name) ?? []), record.shareOfRoof]);
    }
  }
  return [...shares].map(([name, values]) => ({ name, values }));
}

/**
 * The types of what a token is multiplied with.
 *
 * @param {string} quantization
 */
async function matrixTypesOf(quantization) {
  const { shape } = resolveModel(model);
  const known = typedQuantization(quantization);
  const unknown = new LlmbenchError("usage", `--models: no quantization ${quantization}`);
  if (shape === null || known === undefined) throw unknown;
  const types = await tensorTypesOf({
    shape,
    quantization: known,
    cacheDir: cacheFolder(),
    engineVersion: enginePackage(),
    // The catalogue's are known.
    ask: () => Promise.reject(unknown),
  });
  const read = [...types].filter(([name]) => name !== "token_embd.weight");
  return [...new Set(read.map(([, type]) => type.toLowerCase()))].filter((type) => type !== "f32");
}
