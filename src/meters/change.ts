/** How two readings of one thing are told as one; null is what the system doesn't tell. */
type Known = number | null;

/** Of a counter. */
export function growth(before: Known, after: Known): Known {
  return before === null || after === null ? null : Math.max(0, after - before);
}

export function extreme(choose: (a: number, b: number) => number, a: Known, b: Known): Known {
  return a === null || b === null ? (a ?? b) : choose(a, b);
}
