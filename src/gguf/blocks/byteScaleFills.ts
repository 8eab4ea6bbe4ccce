/**
 * Blocks of 4-bit floats, whose scales are bytes: any nibble is legal, so only the scales are patched. Layouts:
 * ggml/src/ggml-common.h; decoding: dequantize_row_mxfp4 and _nvfp4, ggml/src/ggml-quants.c, llama.cpp v0.4.0.
 */
import type { GgmlTypeName } from "../ggmlTypes.ts";
import type { Patch } from "./blockFills.ts";

interface ByteScaleFill {
  /** @param deviation of the weights that are wanted */
  readonly patch: (deviation: number) => Patch;
}

/** Root of the mean square of the sixteen values of a nibble: 0, 1, 2, 3, 4, 6, 8 and 12 with both signs. */
const nibbleDeviation = Math.sqrt(34.25);

export const byteScaleFills = {
  mxfp4: { patch: patchMxfp4 },
  nvfp4: { patch: patchNvfp4 },
} as const satisfies Partial<Record<GgmlTypeName, ByteScaleFill>>;

/** An exponent and 16 bytes of nibbles: x = nibble × 2^(e - 128). Of two neighbouring exponents one bit takes either. */
function patchMxfp4(deviation: number): Patch {
  const ofBoth = Math.sqrt((1 + 4) / 2);
  const exponent = Math.round(Math.log2(deviation / (nibbleDeviation * ofBoth)) + 0.25);
  const lower = Math.max(1, 128 + exponent);
  return ({ u8 }, start, blocks) => {
    const end = start + blocks * 17;
    for (let i = start; i < end; i += 17) u8[i] = lower + ((u8[i] ?? 0) & 1);
  };
}

/** Four scales of 3 mantissa and 4 exponent bits, then 32 bytes of nibbles. The nearest scale, since few are as small. */
function patchNvfp4(deviation: number): Patch {
  const scale = nearestScale(deviation / nibbleDeviation);
  return ({ u8 }, start, blocks) => {
    const end = start + blocks * 36;
    for (let i = start; i < end; i += 36) u8.fill(scale, i, i + 4);
  };
}

/** 0 and 0x7f mean zero. */
const largestScale = 0x7e;

function nearestScale(wanted: number): number {
  let nearest = 1;
  for (let scale = 1; scale <= largestScale; scale++) {
    if (Math.abs(scaleValue(scale) - wanted) < Math.abs(scaleValue(nearest) - wanted)) {
      nearest = scale;
    }
  }
  return nearest;
}

/** ggml_ue4m3_to_fp32, ggml/src/ggml-impl.h. */
function scaleValue(scale: number): number {
  const mantissa = scale & 7;
  const exponent = scale >> 3;
  return exponent === 0 ? mantissa * 2 ** -10 : (1 + mantissa / 8) * 2 ** (exponent - 8);
}
