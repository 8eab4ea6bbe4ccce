/** What llama.cpp's child answers, by the request's type. */
import { z } from "zod";
import { trafficSchema } from "../../bench/link.ts";
import { memoryOverTimeSchema } from "../../bench/memoryUse.ts";
import { stopReasons } from "../../bench/stopReasons.ts";
import type { AnswerShape } from "../child/readChildMessage.ts";
import type { AnswerShapes } from "../child/requestChild.ts";
import { llamaInfoSchema } from "./llamaInfo.ts";
import { failurePlaces, type ChildResults } from "./protocol.ts";

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
    traffic: trafficSchema.nullable(),
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
  check: z.null(),
  logits: z.object({ nmse: z.number().nonnegative() }),
} satisfies { readonly [Type in keyof ChildResults]: z.ZodType<ChildResults[Type]> };

function shapeOf<Type extends keyof ChildResults>(type: Type): AnswerShape<ChildResults[Type]> {
  const result: z.ZodType<ChildResults[keyof ChildResults]> = results[type];
  return { places: failurePlaces, result: result as z.ZodType<ChildResults[Type]> };
}

export const answerShapes = Object.fromEntries(
  (Object.keys(results) as (keyof ChildResults)[]).map((type) => [type, shapeOf(type)]),
) as unknown as AnswerShapes<ChildResults>;
