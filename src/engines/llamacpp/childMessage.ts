/** A line of the child as one of the protocol's messages, checked to its last value: memory that went bad may say anything. */
import { z } from "zod";
import { memoryOverTimeSchema } from "../../bench/memoryUse.ts";
import type { Phase, PhaseKind } from "../../bench/phases.ts";
import { llamaInfoSchema } from "./llamaInfo.ts";
import { failurePlaces, type ChildMessage, type ChildResults } from "./protocol.ts";
import { stopReasons } from "../../bench/stopReasons.ts";

/** As many as lie between a nanosecond and an hour, 0.2% apart (bench/tokenTimes.ts). */
const mostTokenTimes = 15_000;

const count = z.number().int().nonnegative();
const time = z.number().nonnegative();
/** What took no time was not done. */
const sampleTime = z.number().positive();

const repeated = {
  samples_ns: z.array(sampleTime).min(1),
  warmup_ns: z.array(sampleTime),
  stopped_by: z.enum(stopReasons),
  started_ns: z.array(time),
  suspended: count,
  cpu_ms: time,
  repetition_cpu_ms: time,
};

interface Begun {
  readonly samples_ns: readonly number[];
  readonly started_ns: readonly number[];
}

const eachBegan = ({ samples_ns, started_ns }: Begun) => samples_ns.length === started_ns.length;

const measured = z
  .object({
    ...repeated,
    n_ctx: count,
    token_ns: z.array(z.tuple([sampleTime, count.min(1)])).max(mostTokenTimes),
    depth_restored: z.boolean(),
    memory: memoryOverTimeSchema.pick({ context: true, warm: true, peak_resident_bytes: true }),
  })
  .refine(eachBegan);

const roof = z
  .object({
    ...repeated,
    passes: count.min(1),
    pass_bytes: count.min(1).nullable(),
    burst_ns: sampleTime,
    device: z.string().min(1),
    buffer_type: z.string().nullable(),
    weights_bytes: count,
    compute_bytes: count,
    assumed_cache_bytes: count.nullable(),
    load_ms: time,
    memory: memoryOverTimeSchema,
  })
  .refine(eachBegan);

/** By the request's type. */
const results = {
  probe: llamaInfoSchema,
  load: z.object({
    model_type: z.string(),
    model_size: count,
    model_n_params: count,
    n_layers: count,
    load_ms: time,
    memory: memoryOverTimeSchema.pick({ start: true, loaded: true }),
  }),
  measure: measured,
  roof,
  "tensor-types": z.null(),
  memory: z.null(),
  logits: z.object({ nmse: z.number().nonnegative() }),
} satisfies { readonly [Type in keyof ChildResults]: z.ZodType<ChildResults[Type]> };

const answers = z.discriminatedUnion("type", [
  z.object({ type: z.literal("result"), value: z.unknown() }),
  z.object({ type: z.literal("error"), place: z.enum(failurePlaces), message: z.string() }),
]);

/** Null where it is none of the protocol's, or no answer to a request of this type. */
export function readMessage(line: string, request: keyof ChildResults): ChildMessage | null {
  const message = json(line);
  return readAnnouncement(message) ?? readAnswer(message, request);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** By hand: these come while a repetition is timed, and nothing is to keep a core busy then. */
function readAnnouncement(message: unknown): ChildMessage | null {
  const { type, phase, ns } = (message ?? {}) as Record<"type" | "phase" | "ns", unknown>;
  if (type === "phase") {
    const known = readPhase(phase);
    return known === null ? null : { type, phase: known };
  }
  if (type === "sample" && typeof ns === "number" && Number.isFinite(ns) && ns > 0)
    return { type, ns };
  return null;
}

function readPhase(value: unknown): Phase | null {
  const { kind, number, of } = (value ?? {}) as Record<"kind" | "number" | "of", unknown>;
  switch (kind as PhaseKind) {
    case "load":
    case "context":
    case "rest":
    case "fill":
      return { kind: kind as "load" | "context" | "rest" | "fill" };
    case "warm_up":
    case "repetition":
      return Number.isSafeInteger(number) && (number as number) > 0
        ? { kind: kind as "warm_up" | "repetition", number: number as number }
        : null;
    case "logits":
      return of === "device" || of === "CPU" ? { kind: "logits", of } : null;
    default:
      // Whatever went bad in the child said this.
      return null;
  }
}

function readAnswer(message: unknown, request: keyof ChildResults): ChildMessage | null {
  const answer = answers.safeParse(message).data;
  if (answer?.type !== "result") return answer ?? null;
  const schema: z.ZodType<ChildResults[keyof ChildResults]> = results[request];
  const { success, data } = schema.safeParse(answer.value);
  return success ? { type: "result", value: data } : null;
}
