/** The outline of an area that is given row by row. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What one row of the area covers. */
export interface OutlinedRow {
  readonly y: number;
  readonly y2: number;
  readonly spans: readonly Span[];
}

/** An SVG path along the edges: down the ends of each row's spans, and along where a row covers what its neighbour doesn't. */
export function outline(rows: readonly OutlinedRow[]): string {
  const sides = rows.flatMap(({ y, y2, spans }) =>
    joined(spans).flatMap(({ from, to }) => [`M${from},${y}V${y2}`, `M${to},${y}V${y2}`]),
  );
  const along = [...rows, null].flatMap((row, i) => {
    const before = rows[i - 1];
    const y = row?.y ?? before?.y2 ?? 0;
    return difference(joined(before?.spans ?? []), joined(row?.spans ?? [])).map(
      ({ from, to }) => `M${from},${y}H${to}`,
    );
  });
  return [...sides, ...along].join("");
}

/** Spans that touch, as one. */
function joined(spans: readonly Span[]): Span[] {
  const all: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = all.at(-1);
    if (last !== undefined && from - last.to < 0.01) last.to = to;
    else all.push({ from, to });
  }
  return all;
}

/** What one of two covers and the other doesn't. */
function difference(a: readonly Span[], b: readonly Span[]): Span[] {
  const ends = [...new Set([...a, ...b].flatMap(({ from, to }) => [from, to]))].toSorted(
    (x, y) => x - y,
  );
  const covers = (spans: readonly Span[], at: number) =>
    spans.some(({ from, to }) => from < at && at < to);
  return joined(
    ends.slice(1).flatMap((to, i) => {
      const from = ends[i] ?? to;
      const middle = (from + to) / 2;
      return covers(a, middle) === covers(b, middle) ? [] : [{ from, to }];
    }),
  );
}
