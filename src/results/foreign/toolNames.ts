/** Programs whose results are read, by the names that messages have for them. */
export const toolNames = [
  "llama-bench",
  "llama-batched-bench",
  "llama-sweep-bench",
  "LocalScore",
  "mlx_lm.benchmark",
] as const;
export type ToolName = (typeof toolNames)[number];
