/** How much is read and how much is written, for one answer. */

export interface Mix {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

export interface NamedMix extends Mix {
  /** Null where the user gave the numbers. */
  readonly name: string | null;
}

/** Typical shares, chosen by us as round figures: what matters is the proportion. */
export const mixes = {
  chat: { name: "chat", promptTokens: 800, outputTokens: 400 },
  rag: { name: "RAG", promptTokens: 6000, outputTokens: 400 },
  code: { name: "code", promptTokens: 3000, outputTokens: 1000 },
  /** All steps of an agent's work on one task, with what its tools answered. */
  agent: { name: "agent session", promptTokens: 24000, outputTokens: 4000 },
} as const satisfies Record<string, NamedMix>;

export type MixName = keyof typeof mixes;
export const mixNames = Object.keys(mixes) as readonly MixName[];

export function customMix(promptTokens: number, outputTokens: number): NamedMix {
  return { name: null, promptTokens, outputTokens };
}

/** All that stands in the context when the answer is over. */
export function tokensOf({ promptTokens, outputTokens }: Mix): number {
  return promptTokens + outputTokens;
}
