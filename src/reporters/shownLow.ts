/** The lower end of an interval of speeds for readers: two launches far apart leave one that no speed has. */
export function shownLow(low: number): number {
  return Math.max(0, low);
}
