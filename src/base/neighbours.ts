/** Items that stand side by side and have the same key, in their order. */
export function neighbours<T, K>(
  items: Iterable<T>,
  keyOf: (item: T) => K,
): (readonly [key: K, items: T[]])[] {
  const runs: (readonly [key: K, items: T[]])[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const last = runs.at(-1);
    if (last !== undefined && last[0] === key) last[1].push(item);
    else runs.push([key, [item]]);
  }
  return runs;
}
