/** What a device does with memory: its backend's way, or of devices that compute together what all of them do. */
import { getOrMake } from "../base/getOrMake.ts";
import { backendOf, backendTraits, type BackendTraits } from "./backendTraits.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { MemorySettings } from "./memorySettings.ts";

export function traitsOf({ name, members }: MemoryDevice): BackendTraits {
  return members === undefined ? backendTraits[backendOf(name)] : joinedTraits(members);
}

const joined = new Map<string, BackendTraits>();

/**
 * Buffers suit the most demanding of them, operations run where each can do them, and no operation on weights of the
 * host is taken over (ggml_backend_meta_buffer_type_*, ggml_backend_meta_device_iface, ggml-backend-meta.cpp, v0.4.0).
 */
function joinedTraits(members: readonly MemoryDevice[]): BackendTraits {
  const backends = [...new Set(members.map(({ name }) => backendOf(name)))];
  return getOrMake(joined, backends.join(), () => {
    const all = backends.map((backend) => backendTraits[backend]);
    const most = (of: (traits: BackendTraits) => number) => Math.max(...all.map(of));
    return {
      alignment: most(({ alignment }) => alignment),
      maxChunkBytes: Math.min(...all.map(({ maxChunkBytes }) => maxChunkBytes)),
      rowPadding: most(({ rowPadding }) => rowPadding),
      mapsWeights: false,
      // Pinned memory of two backends is not one kind of memory.
      hostBuffer: all.length === 1 && all.every(({ hostBuffer }) => hostBuffer),
      offloads: () => false,
      multipliesStrided: all.every(({ multipliesStrided }) => multipliesStrided),
      order: null,
      flashAttends: (...asked) => all.every(({ flashAttends }) => flashAttends(...asked)),
      recurs: (recurrence) => all.every(({ recurs }) => recurs(recurrence)),
      mixesStreams: all.every(({ mixesStreams }) => mixesStreams),
      flashAttnScratch: (facts) => most(({ flashAttnScratch }) => flashAttnScratch(facts)),
    };
  });
}

/** Whether host weights go to a device's pinned memory, which comes before the CPU's own layouts (make_cpu_buft_list). */
export function pinHostWeights(
  { noHost }: Pick<MemorySettings, "noHost">,
  devices: readonly MemoryDevice[],
): boolean {
  return !noHost && devices.some((device) => traitsOf(device).hostBuffer);
}
