/** Recognises in llama.cpp's log that memory was what failed. */

/** Texts of ggml's backends (v0.4.0) and of the drivers below them when an allocation or a command buffer fails. */
const memoryFailures: readonly RegExp[] = [
  // ggml-backend, ggml-alloc, llama-model, llama-kv-cache
  /failed to allocate/iu,
  /unable to allocate/iu,
  /failed to (?:reserve|create) .*buffer/iu,
  /alloc.* failed/iu,
  // the C++ library
  /std::bad_alloc/u,
  // CUDA, Vulkan, Metal
  /out of memory/iu,
  /ErrorOutOf(?:Device|Host)Memory/u,
  /InsufficientMemory|insufficient memory/iu,
];

/** Texts that say that the device did not do the work, though no call reported it. */
const lostWork: readonly RegExp[] = [
  /command buffer \d+ failed/iu,
  /CUDA error/u,
  /ErrorDeviceLost/u,
];

export function speaksOfMemory(lines: readonly string[]): boolean {
  return lines.some((line) => memoryFailures.some((pattern) => pattern.test(line)));
}

export function lostWorkLine(lines: readonly string[]): string | null {
  return lines.find((line) => lostWork.some((pattern) => pattern.test(line))) ?? null;
}
