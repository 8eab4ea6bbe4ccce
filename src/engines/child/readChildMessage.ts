/** A line of a child as a message, checked to its last value: memory that went bad may say anything. */
import { z } from "zod";
import type { Phase, PhaseKind } from "../../bench/phases.ts";
import type { ChildMessage } from "./protocol.ts";

/** What a child may answer: the places where it can fail, and the shape of the request's result. */
export interface AnswerShape<Value> {
  readonly places: readonly string[];
  readonly result: z.ZodType<Value>;
}

const answers = z.discriminatedUnion("type", [
  z.object({ type: z.literal("result"), value: z.unknown() }),
  z.object({ type: z.literal("error"), place: z.string(), message: z.string() }),
]);

/** Null where it is none of the protocol's, or no answer of this shape. */
export function readChildMessage<Value>(
  line: string,
  shape: AnswerShape<Value>,
): ChildMessage<Value> | null {
  const message = json(line);
  return readAnnouncement(message) ?? readAnswer(message, shape);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** By hand: these come while a repetition is timed, and nothing is to keep a core busy then. */
function readAnnouncement(message: unknown): ChildMessage<never> | null {
  const { type, phase, ns, pid } = (message ?? {}) as Record<
    "type" | "phase" | "ns" | "pid",
    unknown
  >;
  if (type === "phase") {
    const known = readPhase(phase);
    return known === null ? null : { type, phase: known };
  }
  if (type === "sample" && typeof ns === "number" && Number.isFinite(ns) && ns > 0)
    return { type, ns };
  if (type === "process" && Number.isSafeInteger(pid) && (pid as number) > 0)
    return { type, pid: pid as number };
  return null;
}

function readPhase(value: unknown): Phase | null {
  const { kind, number, of } = (value ?? {}) as Record<"kind" | "number" | "of", unknown>;
  switch (kind as PhaseKind) {
    case "load":
    case "context":
    case "rest":
    case "fill":
    case "compile":
      return { kind: kind as "load" | "context" | "rest" | "fill" | "compile" };
    case "proof":
    case "warm_up":
    case "repetition":
      return Number.isSafeInteger(number) && (number as number) > 0
        ? { kind: kind as "proof" | "warm_up" | "repetition", number: number as number }
        : null;
    case "logits":
      return of === "device" || of === "CPU" ? { kind: "logits", of } : null;
    default:
      // Whatever went bad in the child said this.
      return null;
  }
}

function readAnswer<Value>(
  message: unknown,
  { places, result }: AnswerShape<Value>,
): ChildMessage<Value> | null {
  const answer = answers.safeParse(message).data;
  if (answer?.type === "error") return places.includes(answer.place) ? answer : null;
  if (answer?.type !== "result") return null;
  const { success, data } = result.safeParse(answer.value);
  return success ? { type: "result", value: data } : null;
}
