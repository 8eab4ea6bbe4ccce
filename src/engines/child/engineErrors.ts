/** From the way a request to a child failed to the row that states it. */
import { phaseText } from "../../bench/phases.ts";
import { reasonCodes, type FailureCode, type SkipCode } from "../../bench/statuses.ts";
import { oomKills } from "../../machine/oomKills.ts";
import { EngineError, Interrupted } from "../engine.ts";
import { ChildFailure } from "./childFailure.ts";

/** Lines of the log that a result keeps. */
const tailLines = 12;

/** What an engine's own words mean. */
export interface EngineWords {
  /** Says nothing about a failure, and is left out of the log's tail. */
  readonly isChatter: (line: string) => boolean;
  /** The line that says that memory was what failed; null for none. */
  readonly memoryLine: (log: readonly string[]) => string | null;
  /** Of a request that the child refused, its log speaking of no memory. */
  readonly refusal: (failure: ChildFailure, place: string) => Refusal;
}

export interface Refusal {
  readonly code: FailureCode | "measured_oom" | SkipCode;
  readonly message: string;
}

export function logTail(
  log: readonly string[],
  { isChatter }: Pick<EngineWords, "isChatter">,
): string[] {
  return log.filter((line) => line.trim() !== "" && !isChatter(line)).slice(-tailLines);
}

/** @param killedForMemory whether the system says that it ended processes for memory meanwhile */
export function engineErrorOf(
  error: unknown,
  killedForMemory: boolean,
  words: EngineWords,
): unknown {
  if (!(error instanceof ChildFailure)) return error;
  const { failure, log, phase } = error;
  const tail = logTail(log, words);
  const during = phase === null ? "" : ` during ${phaseText(phase)}`;
  const outOfMemory = (message: string) =>
    new EngineError({ status: "does_not_fit", code: "measured_oom" }, message, tail);
  const failed = (code: FailureCode, message: string) =>
    new EngineError({ status: "failed", code }, message, tail);
  const memory = words.memoryLine(log);
  switch (failure.kind) {
    case "aborted":
      return new Interrupted("interrupted");
    case "timed out":
    case "hung":
      return failed("timed_out", `${error.message}${during}`);
    case "nonsense":
      return failed("engine_error", `${error.message}${during}`);
    case "crashed":
      if (killedForMemory) return outOfMemory(`ended by the kernel for memory${during}`);
      if (memory !== null) return outOfMemory(`${memory}${during}`);
      return failed("crashed", `${error.message}${during}`);
    case "refused": {
      const { code, message } = words.refusal(error, failure.place);
      if (!isSkip(code) && memory !== null) return outOfMemory(`${memory}${during}`);
      if (code === "measured_oom") return outOfMemory(`${message}${during}`);
      if (isSkip(code)) return new EngineError({ status: "skipped", code }, message, tail);
      return failed(code, message);
    }
    default:
      return failure satisfies never;
  }
}

function isSkip(code: Refusal["code"]): code is SkipCode {
  return reasonCodes.skipped.some((one) => one === code);
}

/** Puts a question to a child, its failures stated as a row states them. @throws {EngineError}; {Interrupted} */
export async function askChild<Answer>(
  question: () => Promise<Answer>,
  words: EngineWords,
): Promise<Answer> {
  const killsBefore = oomKills();
  try {
    return await question();
  } catch (error) {
    const killed = killsBefore !== null && (oomKills() ?? 0) > killsBefore;
    throw engineErrorOf(error, killed, words);
  }
}
