/** What llama.cpp itself says a placement and a context take: the measure of every prediction. */
import type { BuffersAt, MemoryRequest, ToldMemory } from "../engine.ts";
import {
  deviceOf,
  readEngineLog,
  type LoggedBuffer,
  type LoggedCache,
  type NamedBuffers,
} from "./engineLog.ts";
import type { LlamaChild } from "./llamaChild.ts";

interface MemoryAsking {
  readonly allocate: boolean;
  /** Those that other machines lend are among them. */
  readonly devices?: readonly NamedBuffers[];
}

/**
 * Loads the file and opens a context. Without `allocate` neither data nor memory is needed: compute buffers are exact,
 * buffers of weights and KV cache are 0, and the load mode is `none`.
 *
 * @throws {ChildFailure}
 */
export async function askMemoryOf(
  child: Pick<LlamaChild, "request">,
  { nCtx, ...asked }: MemoryRequest,
  { allocate, devices = [] }: MemoryAsking,
): Promise<ToldMemory> {
  const { log } = await child.request({
    type: "memory",
    ...asked,
    nPrompt: nCtx,
    nGen: 0,
    nDepth: 0,
    ...(allocate ? {} : { loadMode: "none", noAlloc: true }),
  });
  const { buffers, caches } = readEngineLog(log, devices);
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
