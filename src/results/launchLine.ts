/** A launch as the journal has it, and back. */
import { z } from "zod";
import { conditionsSchema } from "../bench/conditions.ts";
import type { TimedLaunch } from "../bench/launch.ts";
import { memoryOverTimeSchema, type DeviceBuffers } from "../bench/memoryUse.ts";
import { stopReasons } from "../bench/stopReasons.ts";

/** One child process's share of a case: raw samples in ns, warm-up apart. What a version doesn't tell is absent. */
export const launchLineSchema = z.object({
  launch: z.number().int().min(1),
  load_ms: z.number(),
  warmup_ns: z.array(z.number()),
  samples_ns: z.array(z.number()),
  token_ns: z.array(z.tuple([z.number(), z.number().int()])).optional(),
  stopped_by: z.enum(stopReasons).optional(),
  started_ns: z.array(z.number()).optional(),
  suspended: z.number().int().optional(),
  memory: memoryOverTimeSchema.optional(),
  conditions: conditionsSchema.optional(),
});
export type LaunchLine = z.infer<typeof launchLineSchema>;

/** Enough to judge by: what else a launch tells takes most of its memory. */
export const launchSamplesSchema = z.object({
  launch: launchLineSchema.shape.launch,
  samples_ns: launchLineSchema.shape.samples_ns,
});

export function launchLineOf(launch: TimedLaunch): LaunchLine {
  const { tokenTimes, stoppedBy, startedNs, suspended, memory, conditions } = launch;
  return {
    launch: launch.number,
    load_ms: launch.loadMs,
    warmup_ns: [...launch.warmupNs],
    samples_ns: [...launch.samplesNs],
    ...(tokenTimes.length === 0 ? {} : { token_ns: tokenTimes.map(([ns, n]) => [ns, n]) }),
    ...(stoppedBy === null ? {} : { stopped_by: stoppedBy }),
    ...(startedNs === null ? {} : { started_ns: [...startedNs] }),
    ...(suspended === 0 ? {} : { suspended }),
    ...(memory === null ? {} : { memory }),
    ...(conditions === null ? {} : { conditions }),
  };
}

/** What was read of a launch: at least its samples. */
type ReadLaunch = Pick<LaunchLine, "launch" | "samples_ns"> & Partial<LaunchLine>;

export function launchOf(line: ReadLaunch): TimedLaunch {
  return {
    kind: "timed",
    number: line.launch,
    loadMs: line.load_ms ?? 0,
    warmupNs: line.warmup_ns ?? [],
    samplesNs: line.samples_ns,
    tokenTimes: line.token_ns ?? [],
    stoppedBy: line.stopped_by ?? null,
    startedNs: line.started_ns ?? null,
    suspended: line.suspended ?? 0,
    memory: line.memory ?? null,
    conditions: line.conditions ?? null,
  };
}

/** Memory of one device or of the host, as llama.cpp's log states its buffers, in bytes. */
export const buffersLineSchema = z.object({
  device: z.string(),
  weights_bytes: z.number().int(),
  weights_mapped_bytes: z.number().int().optional(),
  weights_repacked_bytes: z.number().int().optional(),
  kv_bytes: z.number().int(),
  /** Journals of the first edition have none. */
  state_bytes: z.number().int().optional(),
  compute_bytes: z.number().int(),
  output_bytes: z.number().int(),
});
type BuffersLine = z.infer<typeof buffersLineSchema>;

export function buffersLineOf(buffers: DeviceBuffers): BuffersLine {
  const { weightsMappedBytes: mapped, weightsRepackedBytes: repacked } = buffers;
  return {
    device: buffers.device,
    weights_bytes: buffers.weightsBytes,
    ...(mapped === null ? {} : { weights_mapped_bytes: mapped }),
    ...(repacked === null ? {} : { weights_repacked_bytes: repacked }),
    kv_bytes: buffers.kvBytes,
    ...(buffers.stateBytes === null ? {} : { state_bytes: buffers.stateBytes }),
    compute_bytes: buffers.computeBytes,
    output_bytes: buffers.outputBytes,
  };
}

export function buffersOf(line: BuffersLine): DeviceBuffers {
  return {
    device: line.device,
    weightsBytes: line.weights_bytes,
    weightsMappedBytes: line.weights_mapped_bytes ?? null,
    weightsRepackedBytes: line.weights_repacked_bytes ?? null,
    kvBytes: line.kv_bytes,
    stateBytes: line.state_bytes ?? null,
    computeBytes: line.compute_bytes,
    outputBytes: line.output_bytes,
  };
}
