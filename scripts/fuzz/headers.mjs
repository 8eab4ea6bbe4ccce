// @ts-check
// GGUF headers, valid ones and what damage makes of them.
import {
  encodeHeader,
  modelMetadata,
  placeTensors,
  resolveModel,
  tensorTable,
  vocabularyMetadata,
} from "../../dist/maintenance.js";
import { damageBytes, putNumberAt } from "./bytes.mjs";
import { texts } from "./hostile.mjs";

/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {{ header: Buffer, fileBytes: number, fields: readonly number[] }} Seed */

/**
 * A model of the catalogue with one tensor type.
 *
 * @param {string} name
 * @returns {Seed}
 */
function seedOf(name) {
  const model = resolveModel(name);
  if (model.kind === "file") throw new Error(`${name} is a file`);
  const table = tensorTable(model.shape).map(({ name: tensor, dims }) => ({
    name: tensor,
    dims,
    type: dims.length === 1 ? /** @type {const} */ ("f32") : /** @type {const} */ ("q4_0"),
  }));
  const tensors = placeTensors(table);
  const metadata = [
    ...modelMetadata(model.shape, "q4_0", name),
    ...vocabularyMetadata(model.shape),
  ];
  const header = encodeHeader(metadata, tensors);
  const last = tensors.at(-1);
  const data = last === undefined ? 0 : last.offset + last.bytes;
  return { header, fileBytes: header.length + data, fields: fieldsOf(header, table.length) };
}

/**
 * Where numbers stand that decide how the rest is read: the counts, and around each name its length, type, dimensions
 * and offset.
 *
 * @param {Buffer} header
 * @param {number} tensors
 */
function fieldsOf(header, tensors) {
  const fields = [4, 8, 16];
  const text = header.toString("latin1");
  for (const match of text.matchAll(
    /general\.|llama\.|tokenizer\.|blk\.\d+\.|token_embd|output/gu,
  )) {
    const length = header.readUInt32LE(Math.max(0, match.index - 8));
    const end = match.index + length;
    fields.push(match.index - 8, end, end + 4, end + 8, end + 12, end + 20, end + 28);
  }
  return fields.filter((at) => at >= 0 && at + 8 <= header.length && tensors > 0);
}

/** The large one has a vocabulary of 128,256. */
const seeds = [seedOf("toy-4m"), seedOf("toy-4m"), seedOf("toy-4m"), seedOf("llama-3.1-8b")];

/**
 * @param {Seed} seed
 * @param {Random} random
 * @returns {Buffer}
 */
function damageField({ header, fields }, random) {
  return putNumberAt(header, random.pick(fields), random);
}

/**
 * Puts a text in the place of another of the same length, or cut to it.
 *
 * @param {Seed} seed
 * @param {Random} random
 */
function damageText({ header, fields }, random) {
  const damaged = Buffer.from(header);
  damaged.write(random.pick(texts).slice(0, 40), random.pick(fields) + 8);
  return damaged;
}

/**
 * @param {Random} random
 * @returns {{ header: Buffer, fileBytes: number }} the file's size with a hole for its tensors
 */
export function damagedHeader(random) {
  const seed = random.pick(seeds);
  let { header } = seed;
  // What is damaged much is refused early.
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count--) {
    const kind = random.below(5);
    if (kind === 0) header = damageBytes(header, random);
    else if (kind === 1) header = damageText({ ...seed, header: atLeast(header, seed) }, random);
    else header = damageField({ ...seed, header: atLeast(header, seed) }, random);
  }
  const hole = random.chance(0.8) ? seed.fileBytes : header.length;
  return { header, fileBytes: Math.max(hole, header.length) };
}

/**
 * Fields stand where they stood; what was cut off is zeros then.
 *
 * @param {Buffer} header
 * @param {Seed} seed
 */
function atLeast(header, seed) {
  const missing = seed.header.length - header.length;
  return missing > 0 ? Buffer.concat([header, Buffer.alloc(missing)]) : header;
}
