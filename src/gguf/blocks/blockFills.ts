/**
 * How random bytes become blocks of each ggml type that decode to zero-mean weights of a wanted deviation. Most bits of a
 * block may be anything (quants, signs, grid indices: every value is legal); what is patched are its scales: twelve random
 * bits of the f16 factor `d` choose its value from a table (scaleTable.ts).
 * Layouts: ggml/src/ggml-common.h; decoding: dequantize_row_* in ggml/src/ggml-quants.c, llama.cpp v0.4.0.
 */
import { ggmlTypes, type GgmlTypeName } from "../ggmlTypes.ts";
import { halfBits, halfValue } from "./halfFloat.ts";
import { scaleChoices, scaleSpread, scaleTable } from "./scaleTable.ts";

/** One buffer in three widths. */
export interface Views {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
}

/** Patches `blocks` random blocks that begin at byte `start` of the views. */
export type Patch = (views: Views, start: number, blocks: number) => void;

interface BlockFill {
  /** Deviation of the decoded weights where d is 1. */
  readonly deviation: number;
  /** @param scales f16 bits of `scaleChoices` values of d, positive */
  readonly patch: (scales: Uint16Array) => Patch;
}

const choice = scaleChoices - 1;
const signBit = 0x80_00;

/** Blocks of `stride` 16-bit words with d in word `word`; its sign is random where the quants' mean isn't zero. */
function scaleIn(word: number, stride: number, sign: "random" | "positive"): BlockFill["patch"] {
  const signs = sign === "random" ? signBit : 0;
  return (scales) =>
    ({ u16 }, start, blocks) => {
      const first = start / 2 + word;
      const end = first + blocks * stride;
      for (let i = first; i < end; i += stride) {
        const bits = u16[i] ?? 0;
        u16[i] = (bits & signs) | (scales[bits & choice] ?? 0);
      }
    };
}

/** Each d and the minimum `ratio * d` in one 32-bit word. */
function scalesWithMinimum(scales: Uint16Array, ratio: number): Uint32Array {
  return Uint32Array.from(scales, (scale) => (halfBits(ratio * halfValue(scale)) << 16) | scale);
}

/** Blocks of `stride` 32-bit words that begin with d and m: x = d * q + m, with m in the middle of q's range. */
function scaleAndMinimum(stride: number, middle: number): BlockFill["patch"] {
  return (scales) => {
    const table = scalesWithMinimum(scales, -middle);
    return ({ u32 }, start, blocks) => {
      const first = start / 4;
      const end = first + blocks * stride;
      for (let i = first; i < end; i += stride) u32[i] = table[(u32[i] ?? 0) & choice] ?? 0;
    };
  };
}

/** q2_K: 16 bytes of (scale, minimum) nibbles, quants, then d and dmin. Equal nibbles and dmin = 1.5 d centre it. */
const patchQ2K: BlockFill["patch"] = (scales) => {
  const table = scalesWithMinimum(scales, 1.5);
  return ({ u32 }, start, blocks) => {
    const first = start / 4;
    const end = first + blocks * 21;
    for (let i = first; i < end; i += 21) {
      for (let j = i; j < i + 4; j++) u32[j] = ((u32[j] ?? 0) & 0x0f_0f_0f_0f) * 0x11;
      u32[i + 20] = table[(u32[i + 20] ?? 0) & choice] ?? 0;
    }
  };
};

/**
 * q4_K and q5_K: d and dmin, then 12 bytes with eight 6-bit scales and eight 6-bit minimums. Four-bit ones, equal in
 * pairs, keep d out of the subnormals; dmin = middle * d centres it.
 */
function patchQ4K(stride: number, middle: number): BlockFill["patch"] {
  return (scales) => {
    const table = scalesWithMinimum(scales, middle);
    return ({ u32 }, start, blocks) => {
      const first = start / 4;
      const end = first + blocks * stride;
      for (let i = first; i < end; i += stride) {
        u32[i] = table[(u32[i] ?? 0) & choice] ?? 0;
        const ofParts = (u32[i + 1] ?? 0) & 0x0f_0f_0f_0f;
        u32[i + 1] = ofParts;
        u32[i + 2] = ofParts;
        u32[i + 3] = ((u32[i + 3] ?? 0) & 0x0f_0f_0f_0f) * 0x11;
      }
    };
  };
}

/** q6_K: quants, 16 signed scales, d. Scales of -8 to 7, sign extended by 0x08 * 0x1e = 0xf0, keep d normal. */
const patchQ6K: BlockFill["patch"] = (scales) => {
  return ({ u16 }, start, blocks) => {
    const first = start / 2;
    const end = first + blocks * 105;
    for (let i = first; i < end; i += 105) {
      for (let j = i + 96; j < i + 104; j++) {
        const word = u16[j] ?? 0;
        u16[j] = (word & 0x0f_0f) | ((word & 0x08_08) * 0x1e);
      }
      const bits = u16[i + 104] ?? 0;
      u16[i + 104] = (bits & signBit) | (scales[bits & choice] ?? 0);
    }
  };
};

/** iq4_xs: d, then eight 6-bit scales around 32 in a 16-bit word of upper and a 32-bit word of lower bits. */
const patchIq4Xs: BlockFill["patch"] = (scales) => {
  // Scales of -2, -1, 1 and 2, as the bits of the index say: more would push d into the subnormals.
  const choices = [30, 31, 33, 34];
  const upper = new Uint16Array(2 ** 16);
  const lower = new Uint32Array(2 ** 16);
  for (let index = 0; index < 2 ** 16; index++) {
    let [high, low] = [0, 0];
    for (let i = 0; i < 8; i++) {
      const scale = choices[(index >> (2 * i)) & 3] ?? 0;
      high |= (scale >> 4) << (2 * i);
      low |= (scale & 0xf) << (4 * i);
    }
    upper[index] = high;
    lower[index] = low;
  }
  return ({ u32 }, start, blocks) => {
    const first = start / 4;
    const end = first + blocks * 34;
    for (let i = first; i < end; i += 34) {
      const word = u32[i] ?? 0;
      const index = word >>> 16;
      u32[i] = ((upper[index] ?? 0) << 16) | (word & signBit) | (scales[word & choice] ?? 0);
      u32[i + 1] = lower[index] ?? 0;
    }
  };
};

/** iq1_m: d's nibbles are the upper ones of the block's last four words, lowest first. */
const patchIq1M: BlockFill["patch"] = (scales) => {
  return ({ u16 }, start, blocks) => {
    const first = start / 2 + 24;
    const end = first + blocks * 28;
    for (let i = first; i < end; i += 28) {
      const drawn =
        ((u16[i] ?? 0) >> 12) |
        (((u16[i + 1] ?? 0) >> 8) & 0xf0) |
        (((u16[i + 2] ?? 0) >> 4) & 0xf00);
      const scale = ((u16[i + 3] ?? 0) & signBit) | (scales[drawn] ?? 0);
      for (let j = 0; j < 4; j++) {
        u16[i + j] = ((u16[i + j] ?? 0) & 0x0f_ff) | (((scale >> (4 * j)) & 0xf) << 12);
      }
    }
  };
};

/** Root of the mean square of what the random fields decode to, in the type's own units. */
export const blockFills = {
  // q - 8, q - 16 and q over all their values, and q - middle.
  q4_0: { deviation: 4.64, patch: scaleIn(0, 9, "random") },
  q4_1: { deviation: 4.61, patch: scaleAndMinimum(5, 7.5) },
  q5_0: { deviation: 9.25, patch: scaleIn(0, 11, "random") },
  q5_1: { deviation: 9.23, patch: scaleAndMinimum(6, 15.5) },
  // The quants' mean of -0.5 is lost beside their deviation; real scales are positive.
  q8_0: { deviation: 73.9, patch: scaleIn(0, 17, "positive") },
  // Scales times centred quants: sqrt(77.5 * 1.25), sqrt(341.5 * 5.5), sqrt(77.5 * 21.25), …
  q2_K: { deviation: 9.84, patch: patchQ2K },
  q3_K: { deviation: 43.3, patch: scaleIn(54, 55, "random") },
  q4_K: { deviation: 40.6, patch: patchQ4K(36, 7.5) },
  q5_K: { deviation: 81.3, patch: patchQ4K(44, 15.5) },
  q6_K: { deviation: 85.7, patch: patchQ6K },
  // Scales times the grids' entries (measured over the tables of ggml-common.h).
  iq1_s: { deviation: 7.22, patch: scaleIn(0, 25, "random") },
  iq1_m: { deviation: 7.21, patch: patchIq1M },
  iq2_xxs: { deviation: 53.5, patch: scaleIn(0, 33, "positive") },
  iq2_xs: { deviation: 55.9, patch: scaleIn(0, 37, "positive") },
  iq2_s: { deviation: 56.5, patch: scaleIn(0, 41, "positive") },
  iq3_xxs: { deviation: 142, patch: scaleIn(0, 49, "positive") },
  iq3_s: { deviation: 140, patch: scaleIn(0, 55, "positive") },
  iq4_nl: { deviation: 67.4, patch: scaleIn(0, 9, "random") },
  iq4_xs: { deviation: 106.6, patch: patchIq4Xs },
  // Two, three and four values; -1 to 2 and what bytes make of -1 to 1 are centred by d's sign.
  q1_0: { deviation: 1, patch: scaleIn(0, 9, "random") },
  q2_0: { deviation: 1.22, patch: scaleIn(0, 9, "random") },
  tq1_0: { deviation: 0.82, patch: scaleIn(26, 27, "random") },
  tq2_0: { deviation: 1.22, patch: scaleIn(32, 33, "random") },
} as const satisfies Partial<Record<GgmlTypeName, BlockFill>>;

export type FilledType = keyof typeof blockFills;

/** What fills random blocks of a type with weights of this deviation. */
export function patchFor(type: FilledType, deviation: number): Patch {
  const fill = blockFills[type];
  const spread = scaleSpread(ggmlTypes[type].blockSize);
  return fill.patch(scaleTable(deviation / fill.deviation, spread));
}
