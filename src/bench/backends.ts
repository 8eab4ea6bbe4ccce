/** What computes: llama.cpp's backends, each list once. */

/** Those that llmbench loads and measures with. */
export const engineBackends = ["metal", "cuda", "vulkan", "cpu"] as const;
export type EngineBackend = (typeof engineBackends)[number];

/** What `--device` takes: a backend, or the best that works here. */
export const deviceChoices = ["auto", ...engineBackends] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** Those that rows of others name besides (ggml's backends, llama.cpp v0.4.0). */
const otherBackends = ["rocm", "sycl", "opencl", "cann", "musa", "rpc"] as const;

export const backends = [...engineBackends, ...otherBackends] as const;
export type Backend = (typeof backends)[number];

/** Backends that a machine with a GPU can be described by. */
export const gpuBackends = ["metal", "cuda", "vulkan"] as const satisfies readonly EngineBackend[];
export type GpuBackend = (typeof gpuBackends)[number];

/** Those that machines are described with and speeds predicted for: rows of AMD's own are measured by others. */
const describedBackends = [...engineBackends, "rocm"] as const;
export type DescribedBackend = (typeof describedBackends)[number];

/** Null for a backend of which nothing is predicted, and for none. */
export function describedBackendOf(backend: Backend | null): DescribedBackend | null {
  return describedBackends.find((known) => known === backend) ?? null;
}

/** Null for a backend that llmbench doesn't measure with, and for none. */
export function engineBackendOf(backend: Backend | null): EngineBackend | null {
  return engineBackends.find((known) => known === backend) ?? null;
}
