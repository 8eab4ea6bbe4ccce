/** Settings that exclude each other in llama.cpp v0.4.0 (llama_init_from_model, src/llama-context.cpp). */
import {
  kvCacheTypes,
  type FlashAttn,
  type KvCacheType,
  type SplitMode,
} from "../bench/settings.ts";
import { LlmbenchError } from "../errors.ts";

/** Each with all values that are asked for. */
interface AskedSettings {
  readonly typeV: readonly KvCacheType[];
  readonly flashAttn: readonly FlashAttn[];
  readonly splitMode: readonly SplitMode[];
}

/** @throws {LlmbenchError} `usage` for what llama.cpp would refuse. */
export function refuseContradictions({ typeV, flashAttn, splitMode }: AskedSettings): void {
  if (!flashAttn.includes("off")) return;
  const quantized = typeV.find((type) => !floatTypes.has(type));
  if (quantized !== undefined) {
    throw new LlmbenchError(
      "usage",
      `--cache-type-v ${quantized} with --flash-attn off: llama.cpp needs flash attention for a quantized V cache; use --flash-attn auto or on, or --cache-type-v f16`,
    );
  }
  if (splitMode.includes("tensor")) {
    throw new LlmbenchError(
      "usage",
      "--split-mode tensor with --flash-attn off: llama.cpp needs flash attention for it; use --flash-attn auto or on, or --split-mode layer",
    );
  }
}

const floatTypes: ReadonlySet<KvCacheType> = new Set(
  kvCacheTypes.filter((type) => /^b?f\d+$/.test(type)),
);
