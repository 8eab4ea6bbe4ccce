/** llama-bench's integer ranges (`parse_int_range`, tools/llama-bench, llama.cpp v0.4.0): `first[-last[(+|*)step]]`. */

/** llama.cpp holds token and layer counts in int32. */
export const maxInt32 = 2 ** 31 - 1;

/** A range with more values than this is a slip of the hand: nobody waits for a thousand cases of one setting. */
const maxRangeValues = 1000;

/** The numbers that `text` stands for; undefined where it isn't a range, never ends or is too long. */
export function readRange(text: string): readonly number[] | undefined {
  const match = /^(\d+)(?:-(\d+)(?:([+*])(\d+))?)?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const step = match[4] === undefined ? 1 : Number(match[4]);
  const numbers: number[] = [];
  for (let number = first; number <= last;) {
    numbers.push(number);
    const next = match[3] === "*" ? number * step : number + step;
    if (next <= number || numbers.length > maxRangeValues) return undefined;
    number = next;
  }
  return numbers.length === 0 ? undefined : numbers;
}
