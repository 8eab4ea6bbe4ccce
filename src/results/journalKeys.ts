/** What the journal keeps of a case beyond the CSV's columns: a row a key. */
import { z } from "zod";
import { isTimed, type TimedLaunch } from "../bench/launch.ts";
import { summaryOf, type CaseRecord } from "../bench/record.ts";
import { real, text, texts } from "./columns/column.ts";
import { buffersLineOf, buffersLineSchema, launchLineOf, launchLineSchema } from "./launchLine.ts";

interface JournalKey<Value> {
  readonly schema: z.ZodType<Value>;
  readonly of: (record: CaseRecord) => Value;
}

const numbers = z.array(z.number()).default([]);

function timed(record: CaseRecord): TimedLaunch[] {
  return record.status === "measured" ? record.launches.filter(isTimed) : [];
}

export const journalKeys = {
  samples_ns: { schema: numbers, of: (record) => timed(record).flatMap((one) => one.samplesNs) },
  warmup_ns: { schema: numbers, of: (record) => timed(record).flatMap((one) => one.warmupNs) },
  launch_results: {
    schema: z.array(launchLineSchema).default([]),
    of: (record) => timed(record).map(launchLineOf),
  },
  buffers: {
    schema: z.array(buffersLineSchema).default([]),
    of: ({ buffers }) => buffers.map(buffersLineOf),
  },
  output_nmse: { schema: real, of: ({ outputError }) => outputError },
  speed_over_time: {
    schema: z.array(z.tuple([z.number(), z.number()])).default([]),
    of: (record): [number, number][] =>
      (summaryOf(record)?.sustained?.points ?? []).map(([seconds, value]) => [seconds, value]),
  },
  llama_bench: { schema: text, of: ({ llamaBench }) => llamaBench },
  stderr_tail: {
    schema: texts,
    of: (record): string[] => (record.status === "measured" ? [] : [...record.log]),
  },
} as const satisfies Record<string, JournalKey<unknown>>;

export type JournalKeys = {
  -readonly [Key in keyof typeof journalKeys]: z.infer<(typeof journalKeys)[Key]["schema"]>;
};

export const journalKeyNames = Object.keys(journalKeys) as readonly (keyof JournalKeys)[];
