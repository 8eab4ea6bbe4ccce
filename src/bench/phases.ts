/** The steps of a measurement, announced before each begins. */

export type Phase =
  /** The model is read into memory. */
  | { readonly kind: "load" }
  /** The context and its buffers are made. */
  | { readonly kind: "context" }
  /** The machine is let cool. */
  | { readonly kind: "rest" }
  /** The KV cache is filled up to the workload's depth. */
  | { readonly kind: "fill" }
  /** A step of training is compiled, and taken once; what compiles may be other processes than the one that measures. */
  | { readonly kind: "compile" }
  /** Steps of training show that they learn, before any is timed. */
  | { readonly kind: "proof"; readonly number: number }
  | { readonly kind: "warm_up"; readonly number: number }
  | { readonly kind: "repetition"; readonly number: number }
  /** Logits are computed, to compare a device's with the CPU's. */
  | { readonly kind: "logits"; readonly of: "device" | "CPU" };

export type PhaseKind = Phase["kind"];

/** `load`, `warm-up 1`, `repetition 3`, `logits of the CPU`. */
export function phaseText(phase: Phase): string {
  switch (phase.kind) {
    case "warm_up":
      return `warm-up ${phase.number}`;
    case "repetition":
    case "proof":
      return `${phase.kind} ${phase.number}`;
    case "logits":
      return `logits of the ${phase.of}`;
    case "load":
    case "context":
    case "rest":
    case "fill":
    case "compile":
      return phase.kind;
    default:
      return phase satisfies never;
  }
}
