/**
 * Damages GGUF files at random, reproducibly: each mutant must be read, or refused in one line. Run with more mutants by
 * `LLMBENCH_FUZZ_RUNS=10000 npx vitest run test/gguf/headerMutations.test.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LlmbenchError } from "../../src/errors.ts";
import { architectureOf, parameterCountOf, quantizationOf } from "../../src/gguf/headerFacts.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { tinyGguf } from "./tinyGguf.ts";

export interface Verdict {
  readonly seed: number;
  /** Why it was refused; null where it was read. */
  readonly refusal: string | null;
}

/** A generator of 32-bit integers (mulberry32, public domain). */
function integers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Mutation = (bytes: Buffer, headerBytes: number, next: (below: number) => number) => Buffer;

/** Numbers at which counts, sizes and offsets go wrong. */
const awkward = [0, 1, 31, 32, 255, 2 ** 15, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1] as const;

const mutations: readonly Mutation[] = [
  function flipsBits(bytes, headerBytes, next) {
    for (let i = 0; i <= next(8); i++) {
      const at = next(headerBytes);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
    }
    return bytes;
  },
  function putsAwkwardNumber(bytes, headerBytes, next) {
    bytes.writeUInt32LE(awkward[next(awkward.length)] ?? 0, next(headerBytes - 4));
    return bytes;
  },
  function putsHugeNumber(bytes, headerBytes, next) {
    bytes.fill(0xff, next(headerBytes - 8)).fill(0, headerBytes);
    return bytes;
  },
  function truncates(bytes, _, next) {
    return bytes.subarray(0, next(bytes.length));
  },
  function movesPiece(bytes, headerBytes, next) {
    const [from, to, length] = [next(headerBytes), next(headerBytes), next(200)];
    bytes.copy(bytes, to, from, from + length);
    return bytes;
  },
  function dropsPiece(bytes, headerBytes, next) {
    const [at, length] = [next(headerBytes), next(40)];
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  },
  function isNoise(bytes, headerBytes, next) {
    for (let i = 24; i < headerBytes; i++) bytes[i] = next(256);
    return bytes;
  },
];

const tiny = tinyGguf();

/** One mutant: written to `folder`, read as any user's file is. Throws what isn't a clear refusal. */
export function judgeMutant(seed: number, folder: string): Verdict {
  const next = integers(seed);

  let bytes = Buffer.from(tiny.bytes);
  for (let i = 0; i <= next(3); i++) {
    const mutate = mutations[next(mutations.length)];
    const headerBytes = Math.min(tiny.headerBytes, bytes.length);
    if (mutate && headerBytes > 64) bytes = Buffer.from(mutate(bytes, headerBytes, next));
  }
  const path = join(folder, "mutant.gguf");
  writeFileSync(path, bytes);
  return { seed, refusal: refusalOf(path) };
}

function refusalOf(path: string): string | null {
  try {
    const model = readGgufModel(path);
    // What every command asks of a file.
    architectureOf(model);
    quantizationOf(model);
    parameterCountOf(model);
    shapeOf(model);
    return null;
  } catch (error) {
    if (error instanceof LlmbenchError && error.code === "input") return error.message;
    throw error;
  }
}
