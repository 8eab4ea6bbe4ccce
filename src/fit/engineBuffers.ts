/** What llama.cpp itself says a placement and a context take: the measure of every prediction. */
import {
  deviceOf,
  readEngineLog,
  type LoggedBuffer,
  type LoggedCache,
} from "../llamacpp/engineLog.ts";
import type { LlamaChild } from "../llamacpp/llamaChild.ts";
import type { MemorySettings } from "./memorySettings.ts";

/** Bytes as the log states them, rounded to 0.01 MiB. */
export interface BuffersAt {
  readonly weightsBytes: number;
  readonly kvBytes: number;
  readonly stateBytes: number;
  readonly computeBytes: number;
  readonly outputBytes: number;
}

export interface ToldMemory {
  /** Of all caches, allocated or not: the sum of the lines that llama.cpp prints. */
  readonly kvBytes: number;
  readonly stateBytes: number;
  /** Buffers by device's name, `host` for the host. */
  readonly byPlace: ReadonlyMap<string, BuffersAt>;
}

/**
 * Loads the file and opens a context. Without `allocate` neither data nor memory is needed: compute buffers are exact,
 * buffers of weights and KV cache are 0, and the load mode is `none`.
 *
 * @throws {ChildFailure}
 */
export async function askMemoryOf(
  child: Pick<LlamaChild, "request">,
  path: string,
  { nCtx, ...settings }: MemorySettings,
  { allocate }: { readonly allocate: boolean },
): Promise<ToldMemory> {
  const { log } = await child.request({
    type: "memory",
    path,
    ...settings,
    nPrompt: nCtx,
    nGen: 0,
    nDepth: 0,
    ...(allocate ? {} : { loadMode: "none", noAlloc: true }),
  });
  const { buffers, caches } = readEngineLog(log);
  const places = new Set(buffers.map(deviceOf));
  const cached = (wanted: LoggedCache["use"]) =>
    caches.reduce((sum, { use, bytes }) => (use === wanted ? sum + bytes : sum), 0);
  return {
    kvBytes: cached("KV"),
    stateBytes: cached("state"),
    byPlace: new Map(
      [...places].map((place) => {
        const here = buffers.filter((buffer) => deviceOf(buffer) === place);
        return [place, sums(here)];
      }),
    ),
  };
}

function sums(buffers: readonly LoggedBuffer[]): BuffersAt {
  const of = (wanted: LoggedBuffer["use"]) =>
    buffers.reduce((sum, { use, bytes }) => (use === wanted ? sum + bytes : sum), 0);
  return {
    weightsBytes: of("model"),
    kvBytes: of("KV"),
    stateBytes: of("state"),
    computeBytes: of("compute"),
    outputBytes: of("output"),
  };
}
