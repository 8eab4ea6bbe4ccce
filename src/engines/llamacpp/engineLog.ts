/**
 * What llama.cpp's log says of a load and a context: layers offloaded, buffers, flash attention. The wording is that of
 * src/llama-model.cpp, src/llama-context.cpp and src/llama-kv-cache.cpp, v0.4.0.
 */
import type { EngineDevice } from "../../bench/engineInfo.ts";
import { loadModes, type LoadMode } from "../../bench/settings.ts";

export type BufferUse = "model" | "KV" | "state" | "compute" | "output";

export interface LoggedBuffer {
  /** llama.cpp's name of the buffer: `CPU_Mapped`, `CPU_REPACK`, `CUDA0`, `Vulkan_Host`. */
  readonly name: string;
  readonly use: BufferUse;
  /** Where devices compute every layer together: of the one that has most. */
  readonly bytes: number;
}

/** What a cache takes by its own account: true even where nothing is allocated, and its buffer is 0. */
export interface LoggedCache {
  readonly use: Extract<BufferUse, "KV" | "state">;
  readonly bytes: number;
}

export interface EngineLog {
  /** As printed, whether or not a device exists; null where the build can't offload. */
  readonly offloadedLayers: number | null;
  readonly loadMode: LoadMode | null;
  readonly flashAttn: boolean | null;
  readonly buffers: readonly LoggedBuffer[];
  /** In the log's order: several where layers differ in their cells. */
  readonly caches: readonly LoggedCache[];
}

const mib = 2 ** 20;
const bufferLine =
  /^\w+:\s+(\S+)\s+(model|KV|RS|DSV4 \w+ state|compute|output) buffer size\s*=\s*([\d.]+) MiB/u;
const cacheLines: readonly [RegExp, LoggedCache["use"]][] = [
  [/^llama_kv_cache: size =\s*([\d.]+) MiB/u, "KV"],
  [/^llama_memory_recurrent: size =\s*([\d.]+) MiB/u, "state"],
  // Beside a line of its buffer's size, which stands for the same bytes.
  [/^llama_dsv4_comp_state: \w+ ratio = .* size =\s*([\d.]+) MiB/u, "state"],
];
/** Of devices that compute every layer together, one after the other (llama_prepare_model_devices, src/llama.cpp). */
const memberLine = /^llama_prepare_model_devices: - device \d+: (\S+)/u;
const offloadedLine = /offloaded (\d+)\/\d+ layers to GPU/u;
const loadModeLine = /\(load_mode = ([\w+]+)/u;
const flashAttnLines: readonly [RegExp, boolean][] = [
  [/: Flash Attention enabled$/u, true],
  [/: Flash Attention not supported/u, false],
  [/: flash_attn\s+= enabled$/u, true],
  [/: flash_attn\s+= disabled$/u, false],
];

/** A device as far as its buffers' names go. */
export type NamedBuffers = Pick<EngineDevice, "name" | "buffer_type" | "server">;

/** @param devices those whose buffers are called otherwise than they: by the addresses of machines that lend them */
export function readEngineLog(
  lines: readonly string[],
  devices: readonly NamedBuffers[] = [],
): EngineLog {
  const lent = new Map(
    devices.flatMap(({ name, buffer_type, server }) =>
      server === undefined || buffer_type === undefined ? [] : [[buffer_type, name] as const],
    ),
  );
  let offloadedLayers: number | null = null;
  let loadMode: EngineLog["loadMode"] = null;
  let flashAttn: boolean | null = null;
  const joined: string[] = [];
  const buffers: LoggedBuffer[] = [];
  const caches: LoggedCache[] = [];
  for (const line of lines) {
    const member = memberLine.exec(line)?.[1];
    if (member !== undefined) joined.push(member);
    for (const { name, ...buffer } of readBuffers(line, joined))
      buffers.push({ ...buffer, name: lent.get(name) ?? name });
    caches.push(...readCache(line));
    const offloaded = offloadedLine.exec(line)?.[1];
    if (offloaded !== undefined) offloadedLayers = Number(offloaded);
    const mode = loadModeLine.exec(line)?.[1];
    if (mode !== undefined) loadMode = loadModes.find((known) => known === mode) ?? "none";
    flashAttn = flashAttnLines.find(([pattern]) => pattern.test(line))?.[1] ?? flashAttn;
  }
  return { offloadedLayers, loadMode, flashAttn, buffers: lastComputeBuffers(buffers), caches };
}

/**
 * Devices that compute every layer together log one buffer, the largest of theirs, under a name that tells none of them
 * (ggml-backend-meta.cpp, v0.4.0).
 */
function readBuffers(line: string, joined: readonly string[]): LoggedBuffer[] {
  const [, name, use, size] = bufferLine.exec(line) ?? [];
  if (name === undefined || use === undefined || size === undefined) return [];
  const names = name.startsWith("Meta(") ? joined : [name];
  return names.map((one) => ({ name: one, use: useOf(use), bytes: bytesOf(size) }));
}

function useOf(words: string): BufferUse {
  return /^RS$|state$/u.test(words) ? "state" : (words as BufferUse);
}

/** The log rounds to 0.01 MiB. */
function bytesOf(size: string): number {
  return Math.round(Number(size) * mib);
}

function readCache(line: string): LoggedCache[] {
  return cacheLines.flatMap(([pattern, use]) => {
    const size = pattern.exec(line)?.[1];
    return size === undefined ? [] : [{ use, bytes: bytesOf(size) }];
  });
}

/** A context may reserve its graphs twice; the last size is the one that stands. */
function lastComputeBuffers(buffers: readonly LoggedBuffer[]): LoggedBuffer[] {
  const last = new Map<string, LoggedBuffer>();
  for (const buffer of buffers) if (buffer.use === "compute") last.set(buffer.name, buffer);
  return [...buffers.filter(({ use }) => use !== "compute"), ...last.values()];
}

/** Layouts of the CPU's own, into which it copies weights (get_name of ggml/src/ggml-cpu/*, v0.4.0). */
const repacked = new Set(["CPU_REPACK", "CPU_KLEIDIAI", "CPU_RISCV64_SPACEMIT", "AMX"]);

/** Host memory: the CPU's buffer types, and a GPU's pinned staging memory (`CUDA_Host`, `Vulkan_Host`). */
function isHostBuffer({ name }: Pick<LoggedBuffer, "name">): boolean {
  return name.startsWith("CPU") || name.endsWith("_Host") || name === "BLAS" || repacked.has(name);
}

/** How a buffer of weights came to be: used where the file is mapped, copied into the CPU's own layout, or read. */
export function weightsIn({ name }: Pick<LoggedBuffer, "name">): "mapped" | "repacked" | "read" {
  if (name.endsWith("_Mapped")) return "mapped";
  return repacked.has(name) ? "repacked" : "read";
}

/** The device that a buffer's name speaks of: `MTL0_Mapped` is on `MTL0`, all host buffers on `host`. */
export function deviceOf(buffer: Pick<LoggedBuffer, "name">): string {
  return isHostBuffer(buffer) ? "host" : buffer.name.replace(/_(?:Mapped|Private)$/u, "");
}
