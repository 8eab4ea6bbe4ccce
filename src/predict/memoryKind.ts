/** Kinds of memory and of compute units, told by backend and chip: what is read off one machine holds for its kind. */
import type { Datasheet } from "./datasheet.ts";

/** Stacks beside the chip: A100, H100, H200, B200, GH200, V100, P100, A30, MI100 to MI355X. */
const stacked =
  /\b(?:a100|a30|h[128]00|h800|h20|b[123]00|gb?[hb]?200|gh200|v100|p100|mi\d{2,3}x?)\b/;

/** What a token's weights are read from. */
export type MemoryKind = "graphics" | "stacked" | "shared";

export function memoryKindOf({ chip, unified }: Datasheet): MemoryKind {
  if (unified) return "shared";
  return stacked.test(chip) ? "stacked" : "graphics";
}

/** Compute capability 7.5 and less: llama.cpp takes no CUDA graphs there (ggml_cuda_graph_set_enabled, v0.4.0). */
const beforeAmpere =
  /\b(?:gtx|titan|rtx-20\d0|rtx-[4-8]000$|quadro|p4|p40|p100|v100|t4|t40|m40|k80)\b(?!-ada)/;

export function hasCudaGraphs({ chip }: Datasheet): boolean {
  return !beforeAmpere.test(chip);
}

/** Compute capability 6.2 and less, and the GTX 16: NVIDIA's cards had no matrix units. */
const plain = /\b(?:gtx|titan-xp?|p4|p40|p100|m40|k80)\b/;

export function hasNoMatrixUnits({ backend, chip }: Datasheet): boolean {
  return backend === "cuda" && plain.test(chip);
}

/** A GPU beside a CPU, in boxes of many makers: each gives both as much power as it cools. Apple's and NVIDIA's are of one. */
export function sharesPower({ backend, unified }: Datasheet): boolean {
  return unified && (backend === "vulkan" || backend === "rocm");
}

/** `rtx-4090`, `rtx-5070-ti`; not `rtx-4000-ada`, `rtx-6000`, `rtx-a6000`. */
const geforce = /^rtx-\d{4}(?:-ti)?(?:-super)?(?:-laptop)?$/;
const workstation = /^rtx-[4-8]000$/;

/**
 * GeForce cards sum FP16 products in FP32 at half the rate of their matrix units, which is what their datasheets state of
 * FP32 sums (NVIDIA's whitepapers on Ampere GA102, Ada and Blackwell, appendix A); llama.cpp's integers run at the full one.
 */
export function isHalved({ chip }: Datasheet): boolean {
  return geforce.test(chip) && !workstation.test(chip);
}

/** Hopper and the data centre's Blackwell. */
const groupwide = /\b(?:h[128]00|h800|h20|gh200|b[123]00|gb200|gb300)\b/;

/**
 * Instructions of a single warp, which llama.cpp's kernels consist of, reach 63% of what groups of warps do (Luo et al.,
 * "Benchmarking and Dissecting the Nvidia Hopper GPU Architecture via Microbenchmarking", 2024, tables on mma and wgmma).
 */
export function warpShare({ chip }: Datasheet): number {
  return groupwide.test(chip) ? 0.63 : 1;
}
