/** A run for a program: nobody is asked and nothing is printed. */
import { reserveMachine } from "../machine/reserve.ts";
import { forgetLocal } from "../models/local/localModels.ts";
import type { OnEvent } from "../run/events.ts";
import type { GivenFlags } from "../suite/settings.ts";
import { createProgress } from "../ui/progress.ts";
import { agreeToWrite } from "./agreeToWrite.ts";
import { bench, type BenchOutcome } from "./bench.ts";
import type { Wanted } from "./pull.ts";

export interface Quietly {
  /** Stops the run; what was measured is kept, and `resume` goes on with it. */
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
}

/**
 * Measures what the flags ask for: downloads real weights that they name, writes synthetic ones, keeps other runs off the
 * machine unless `noLock`, and leaves a journal in the run's folder.
 * @param given the flags of `llmbench run` by their keys in a suite file, `{ models: ["7b"], nPrompt: [512] }`; others have
 * their usual values
 * @throws {LlmbenchError} for whatever makes the run impossible: `usage`, `config`, `input`, `engine`, `output`.
 */
export async function run(
  given: GivenFlags,
  { signal = new AbortController().signal, onEvent = () => {} }: Quietly = {},
): Promise<BenchOutcome> {
  const outcome = await bench(given, {
    pull: (wanted) => pullQuietly(wanted, signal),
    reserve: () => reserveMachine(given.noLock === true),
    agree: (prepared) => agreeToWrite(prepared, true),
    onEvent,
    signal,
  });
  if (outcome === null) throw new Error("a run that nobody is asked about goes on");
  return outcome;
}

async function pullQuietly(wanted: readonly Wanted[], signal: AbortSignal): Promise<void> {
  if (wanted.length === 0) return;
  const { defaultParallel: parallel, pullModels } = await import("./pull.ts");
  await pullModels(wanted, { parallel, yes: true, signal, progress: createProgress("silent") });
  forgetLocal();
}
