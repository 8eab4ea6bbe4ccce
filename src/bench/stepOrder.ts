/**
 * How an engine takes a step of training. `eager`: operation by operation, so that gradients come as activations go. `lazy`:
 * as one graph, which holds both.
 */
export type StepOrder = "eager" | "lazy";
