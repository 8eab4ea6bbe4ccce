/** Whether a placement's memory is within the budget, and what that answer rests on. */

/**
 * `full`: all layers on the device, with all of their weights. `partial`: it runs with less there. `none`: it runs neither way. `unknown`: only an
 * estimate speaks, and its band holds more than one of these.
 */
export const fits = ["full", "partial", "none", "unknown"] as const;
export type Fit = (typeof fits)[number];

/** Of the least sure part: llama.cpp was asked, a formula that tests hold against it, or an estimate. */
export const memoryBases = ["llama.cpp", "formula", "estimate"] as const;
export type MemoryBasis = (typeof memoryBases)[number];
