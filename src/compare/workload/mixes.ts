/** How much is read and how much is written, for one answer. */

export interface Workload {
  readonly name: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Typical shares, chosen by us as round figures: what matters is the proportion. */
export const mixes = {
  chat: { name: "chat", promptTokens: 800, outputTokens: 400 },
  rag: { name: "RAG", promptTokens: 6000, outputTokens: 400 },
  code: { name: "code", promptTokens: 3000, outputTokens: 1000 },
} as const satisfies Record<string, Workload>;

export type MixName = keyof typeof mixes;
export const mixNames = Object.keys(mixes) as readonly MixName[];

export function customWorkload(promptTokens: number, outputTokens: number): Workload {
  return { name: `${promptTokens}:${outputTokens}`, promptTokens, outputTokens };
}

/** All that stands in the context when the answer is over. */
export function tokensOf({ promptTokens, outputTokens }: Workload): number {
  return promptTokens + outputTokens;
}
