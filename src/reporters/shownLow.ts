/** The lower end of an interval of speeds for readers: in files of earlier versions it may lie below 0, where no speed is. */
export function shownLow(low: number): number {
  return Math.max(0, low);
}
