/** A launch as the journal has it, and back. */
import { z } from "zod";
import { snakeCase, type SnakeCase } from "../base/snakeCase.ts";
import type { TimedLaunch } from "../bench/launch.ts";
import type { DeviceBuffers } from "../bench/memoryUse.ts";
import {
  noReadings,
  readingNames,
  readings,
  type ReadingName,
  type Readings,
} from "../bench/readings.ts";
import { stopReasons } from "../bench/stopReasons.ts";

/** A key for each reading, by the same name; what nobody told is absent. */
type ReadingKeys = {
  -readonly [Name in ReadingName as SnakeCase<Name>]?: NonNullable<Readings[Name]>;
};

const readingKeys = Object.fromEntries(
  readingNames.map((name) => [snakeCase(name), readings[name].schema.optional()]),
) as unknown as {
  readonly [Name in ReadingName as SnakeCase<Name>]: z.ZodOptional<
    (typeof readings)[Name]["schema"]
  >;
};

/** One child process's share of a case: raw samples in ns, warm-up apart. What a version doesn't tell is absent. */
export const launchLineSchema = z.object({
  launch: z.number().int().min(1),
  warmup_ns: z.array(z.number()),
  samples_ns: z.array(z.number()),
  token_ns: z.array(z.tuple([z.number(), z.number().int()])).optional(),
  stopped_by: z.enum(stopReasons).optional(),
  started_ns: z.array(z.number()).optional(),
  suspended: z.number().int().optional(),
  ...readingKeys,
});
export type LaunchLine = z.infer<typeof launchLineSchema>;

/** Enough to judge by: what else a launch tells takes most of its memory. */
export const launchSamplesSchema = z.object({
  launch: launchLineSchema.shape.launch,
  samples_ns: launchLineSchema.shape.samples_ns,
});

export function launchLineOf(launch: TimedLaunch): LaunchLine {
  const { tokenTimes, stoppedBy, startedNs, suspended } = launch;
  return {
    launch: launch.number,
    warmup_ns: [...launch.warmupNs],
    samples_ns: [...launch.samplesNs],
    ...(tokenTimes.length === 0 ? {} : { token_ns: tokenTimes.map(([ns, n]) => [ns, n]) }),
    ...(stoppedBy === null ? {} : { stopped_by: stoppedBy }),
    ...(startedNs === null ? {} : { started_ns: [...startedNs] }),
    ...(suspended === 0 ? {} : { suspended }),
    ...readingKeysOf(launch.readings),
  };
}

function readingKeysOf(told: Readings): ReadingKeys {
  return Object.fromEntries(
    readingNames.flatMap((name) => (told[name] === null ? [] : [[snakeCase(name), told[name]]])),
  );
}

/** What was read of a launch: at least its samples. */
type ReadLaunch = Pick<LaunchLine, "launch" | "samples_ns"> & Partial<LaunchLine>;

export function launchOf(line: ReadLaunch): TimedLaunch {
  return {
    kind: "timed",
    number: line.launch,
    warmupNs: line.warmup_ns ?? [],
    samplesNs: line.samples_ns,
    tokenTimes: line.token_ns ?? [],
    stoppedBy: line.stopped_by ?? null,
    startedNs: line.started_ns ?? null,
    suspended: line.suspended ?? 0,
    readings: readingsOf(line),
  };
}

const namesAndKeys = readingNames.map((name) => [name, snakeCase(name)] as const);

function readingsOf(line: ReadLaunch): Readings {
  // Most readers want none of them, and all those launches share one object.
  if (namesAndKeys.every(([, key]) => line[key] === undefined)) return noReadings;
  return Object.fromEntries(
    namesAndKeys.map(([name, key]) => [name, line[key] ?? null]),
  ) as unknown as Readings;
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
