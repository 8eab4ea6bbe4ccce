/** A writer's pace never quickens as its context grows: tests that say so are noise. */

export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Mean seconds a token. */
  readonly pace: number;
}

interface Pool {
  readonly tokens: number;
  readonly seconds: number;
  readonly stretches: readonly Stretch[];
}

/**
 * Neighbours that fall share their mean, by tokens (pool adjacent violators: Ayer et al., Annals of Mathematical
 * Statistics 26, 1955), which is the nearest pace in least squares that never falls.
 */
export function neverFalling(stretches: readonly Stretch[]): Stretch[] {
  const pools: Pool[] = [];
  for (const stretch of stretches) {
    let pool = poolOf(stretch);
    for (let last = pools.at(-1); last && paceOf(last) > paceOf(pool); last = pools.at(-1)) {
      pools.pop();
      pool = merged(last, pool);
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) =>
    pool.stretches.map(({ start, end }) => ({ start, end, pace: paceOf(pool) })),
  );
}

function poolOf(stretch: Stretch): Pool {
  const tokens = stretch.end - stretch.start;
  return { tokens, seconds: tokens * stretch.pace, stretches: [stretch] };
}

function paceOf({ seconds, tokens }: Pool): number {
  return seconds / tokens;
}

function merged(a: Pool, b: Pool): Pool {
  return {
    tokens: a.tokens + b.tokens,
    seconds: a.seconds + b.seconds,
    stretches: [...a.stretches, ...b.stretches],
  };
}
