/**
 * How a prediction came to be, by its least sure part: llama.cpp was asked, our formulas say so, which tests hold against
 * llama.cpp, or compute buffers are estimated by a graph that resembles the model's.
 */
export const memoryBases = ["llama.cpp", "formula", "estimate"] as const;
export type MemoryBasis = (typeof memoryBases)[number];
