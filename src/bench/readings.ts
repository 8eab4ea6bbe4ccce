/**
 * What is read of a launch beside its times, by the engine and by the meters (meters/): a row a reading, by name; and what a
 * case tells of them, a row each. The launches' lines in the journal, columns and docs/results.md follow from these tables,
 * so that a new reading is rows here, and whoever reads it.
 */
import { max, mean, median, min } from "simple-statistics";
import { z } from "zod";
import { conditionsSchema } from "./conditions.ts";
import { linkSchema, trafficSchema } from "./link.ts";
import { memoryOverTimeSchema } from "./memoryUse.ts";

interface Reading {
  /** As the journal keeps it. */
  readonly schema: z.ZodType;
  readonly meaning: string;
}

export const readings = {
  loadMs: { schema: z.number(), meaning: "time to load the model, in ms" },
  memory: {
    schema: memoryOverTimeSchema,
    meaning:
      "bytes that the measuring process and its devices held before the load, after it, with the context and after the warm-up, and the most that was resident at any moment",
  },
  conditions: { schema: conditionsSchema, meaning: "what the machine did meanwhile, see below" },
  cpuMs: {
    schema: z.number().nonnegative(),
    meaning:
      "processor time of a repetition in ms, mean of those that count: what all threads of the measuring process took while the clock ran",
  },
  lossFirst: {
    schema: z.number(),
    meaning: "loss of the first training step on the fixed batch",
  },
  lossLast: { schema: z.number(), meaning: "loss of the last training step on it" },
  peakDeviceBytes: {
    schema: z.number().int().nonnegative(),
    meaning: "bytes, the most that the framework had allocated on the device",
  },
  flops: {
    schema: z.number().positive(),
    meaning: "floating-point operations of a repetition, by formula",
  },
  compileMs: {
    schema: z.number().nonnegative(),
    meaning: "time of the first training step in ms, which compiles, where compiling was asked for",
  },
  passes: {
    schema: z.number().int().positive(),
    meaning:
      "of `copy`, `read` and `matmul`: how often a repetition goes through all that is computed with",
  },
  passBytes: {
    schema: z.number().positive(),
    meaning:
      "bytes of a pass: those of the matrices of `read`, those read and those written of `copy`",
  },
  assumedCacheBytes: {
    schema: z.number().positive(),
    meaning: "cache that `copy` and `read` went beyond, where nobody told how large it is",
  },
  burstValue: {
    schema: z.number().positive(),
    meaning: "value of the first tenth of a second behind a rest, in the metric's unit",
  },
  links: {
    schema: z.array(linkSchema.extend({ server: z.string() })),
    meaning:
      "the way to each other machine that takes part, measured before the load: round trip in ms, throughput there and back in GB/s",
  },
  traffic: {
    schema: trafficSchema,
    meaning:
      "what went over those ways for each token of a repetition: messages, answers that were waited for, bytes both ways",
  },
} as const satisfies Readonly<Record<string, Reading>>;

export type ReadingName = keyof typeof readings;
type Value<Name extends ReadingName> = z.infer<(typeof readings)[Name]["schema"]>;

/** Of one launch; null is what nobody told. */
export type Readings = { readonly [Name in ReadingName]: Value<Name> | null };

export const readingNames = Object.keys(readings) as readonly ReadingName[];

export const noReadings = Object.fromEntries(
  readingNames.map((name) => [name, null]),
) as unknown as Readings;

interface CaseReading<Told> {
  readonly schema: z.ZodType<Told>;
  readonly unit: string;
  readonly meaning: string;
  /** When a case doesn't tell it. */
  readonly unknown: string;
  /** Out of all launches that gave samples; null where none of them tells it. */
  of(launches: readonly Readings[]): Told | null;
}

/** Out of what the launches tell of one reading. */
function outOf<Name extends ReadingName, Told>(
  name: Name,
  combine: (values: Value<Name>[]) => Told,
): CaseReading<Told>["of"] {
  return (launches) => {
    const values = launches.flatMap(({ [name]: value }) => (value === null ? [] : [value]));
    return values.length === 0 ? null : combine(values);
  };
}

export const caseReadings = {
  loadMs: {
    schema: z.number(),
    unit: "ms",
    meaning: "time to load the model, median of the launches",
    unknown: "not measured",
    of: outOf("loadMs", median),
  },
  peakRssBytes: {
    schema: z.number().int(),
    unit: "bytes",
    meaning: "the most that the measuring process held in RAM at any moment, mapped files included",
    unknown: "not measured",
    of: outOf("memory", (held) => max(held.map((one) => one.peak_resident_bytes))),
  },
  cpuMs: {
    schema: z.number(),
    unit: "ms",
    meaning:
      "processor time of a repetition: what all threads of the measuring process took while the clock ran, mean of the launches",
    unknown: "not measured, or not told by the engine",
    of: outOf("cpuMs", mean),
  },
  lossFirst: {
    schema: z.number(),
    unit: "",
    meaning: "loss of the first training step on the fixed batch, median of the launches",
    unknown: "not training",
    of: outOf("lossFirst", median),
  },
  lossLast: {
    schema: z.number(),
    unit: "",
    meaning: "loss of the last training step on it, median of the launches",
    unknown: "not training",
    of: outOf("lossLast", median),
  },
  peakDeviceBytes: {
    schema: z.number().int(),
    unit: "bytes",
    meaning: "the most that the framework had allocated on the device",
    unknown: "not told by the engine",
    of: outOf("peakDeviceBytes", max),
  },
  flops: {
    schema: z.number(),
    unit: "",
    meaning:
      "floating-point operations of a repetition, by the formula in [measuring](measuring.md#training)",
    unknown: "not counted",
    of: outOf("flops", median),
  },
  compileMs: {
    schema: z.number(),
    unit: "ms",
    meaning: "time of the first training step, which compiles, median of the launches",
    unknown: "not compiled",
    of: outOf("compileMs", median),
  },
  burstValue: {
    schema: z.number(),
    unit: "`unit`",
    meaning:
      "what `copy`, `read` and `matmul` reach in the first tenth of a second behind a rest, mean of the launches; `value` is what they hold after it",
    unknown: "another test, or not told by the engine",
    of: outOf("burstValue", mean),
  },
  linkMs: {
    schema: z.number(),
    unit: "ms",
    meaning:
      "round trip to the other machine that took part, measured before the load, of several to the farthest; median of the launches",
    unknown: "none took part",
    of: outOf("links", (all) => median(all.map((links) => max(links.map(({ ms }) => ms))))),
  },
  linkGbps: {
    schema: z.number(),
    unit: "GB/s",
    meaning:
      "throughput to that machine or back, the slower, of several over the slowest; median of the launches",
    unknown: "none took part, or its memory was too full to try",
    of: (launches) => {
      const slowest = launches.flatMap(({ links }) => {
        const all = (links ?? []).flatMap(({ upGbps, downGbps }) => [upGbps ?? [], downGbps ?? []]);
        return all.length === 0 ? [] : [min(all.flat())];
      });
      return slowest.length === 0 ? null : median(slowest);
    },
  },
  rpcMessages: {
    schema: z.number(),
    unit: "",
    meaning: "messages to other machines for each token, mean of the launches",
    unknown: "none took part, or not counted",
    of: outOf("traffic", (all) => mean(all.map(({ messages }) => messages))),
  },
  rpcTurns: {
    schema: z.number(),
    unit: "",
    meaning: "answers that were waited for, a round trip each, for each token",
    unknown: "none took part, or not counted",
    of: outOf("traffic", (all) => mean(all.map(({ turns }) => turns))),
  },
  rpcBytes: {
    schema: z.number(),
    unit: "bytes",
    meaning: "bytes to other machines and back for each token",
    unknown: "none took part, or not counted",
    of: outOf("traffic", (all) => mean(all.map(({ bytes }) => bytes))),
  },
} as const satisfies Readonly<Record<string, CaseReading<unknown>>>;

export type CaseReadingName = keyof typeof caseReadings;

/** Of a case; null where no launch tells it. */
export type CaseReadings = {
  readonly [Name in CaseReadingName]: z.infer<(typeof caseReadings)[Name]["schema"]> | null;
};

export const caseReadingNames = Object.keys(caseReadings) as readonly CaseReadingName[];

export function caseReadingsOf(launches: readonly Readings[]): CaseReadings {
  return Object.fromEntries(
    caseReadingNames.map((name) => [name, caseReadings[name].of(launches)]),
  ) as unknown as CaseReadings;
}

export const noCaseReadings: CaseReadings = caseReadingsOf([]);
