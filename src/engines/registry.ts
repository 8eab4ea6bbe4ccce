/** Every engine by its name. */
import type { Engine, EngineAsk, EngineRow } from "./engine.ts";
import { llamaCpp } from "./llamacpp/llamaCpp.ts";

export const engines = {
  "llama.cpp": llamaCpp,
} as const satisfies Record<string, EngineRow>;

export type EngineName = keyof typeof engines;

/** The engine of a run that names none. */
export const usualEngine: EngineName = "llama.cpp";

/**
 * Starts an engine for as long as `use` takes.
 * @throws as the engine's start, and whatever `use` throws.
 */
export async function withEngine<Answer>(
  ask: EngineAsk & { readonly engine?: EngineName },
  use: (engine: Engine) => Promise<Answer>,
): Promise<Answer> {
  const engine = await engines[ask.engine ?? usualEngine].start(ask);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}
