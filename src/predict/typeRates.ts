/** How fast work is done, by the type of the weights that it is done with. */

/** Amounts of work by the type of the weights that it is done with. */
export type ByType = ReadonlyMap<string, number>;

/** Types without a rate are taken at the pace of the others, where those are so large a part. */
const leastKnown = 0.9;

interface TypeRate {
  readonly perSecond: number;
  /** Something held the machine back. */
  readonly spoiled: boolean;
}

export class TypeRates {
  private readonly rates = new Map<string, TypeRate>();

  /** A later one of a type stands in the place of an earlier one. */
  set(type: string, rate: TypeRate): void {
    this.rates.set(type, rate);
  }

  get size(): number {
    return this.rates.size;
  }

  /** Null where most of it is of types that nobody measured. */
  seconds(amounts: ByType): number | null {
    return this.secondsAt(amounts, leastKnown);
  }

  /** Whatever the types: of those that nobody measured, at the mean pace of all that were. Null where none was. */
  secondsAbout(amounts: ByType): number | null {
    return this.secondsAt(amounts, 0) ?? this.atMean(amounts);
  }

  /** Whether something held the machine back when what such work goes by was measured. */
  isSpoiled(amounts: ByType): boolean {
    const own = [...amounts.keys()].flatMap((type) => this.rates.get(type.toLowerCase()) ?? []);
    return (own.length === 0 ? [...this.rates.values()] : own).some(({ spoiled }) => spoiled);
  }

  private secondsAt(amounts: ByType, least: number): number | null {
    let [seconds, known, all] = [0, 0, 0];
    for (const [type, amount] of amounts) {
      const rate = this.rates.get(type.toLowerCase());
      all += amount;
      if (rate === undefined) continue;
      known += amount;
      seconds += amount / rate.perSecond;
    }
    return known === 0 || known < least * all ? null : (seconds * all) / known;
  }

  private atMean(amounts: ByType): number | null {
    if (this.rates.size === 0) return null;
    const slowness =
      [...this.rates.values()].reduce((sum, { perSecond }) => sum + 1 / perSecond, 0) /
      this.rates.size;
    return [...amounts.values()].reduce((sum, amount) => sum + amount, 0) * slowness;
  }
}
