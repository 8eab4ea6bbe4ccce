/** Foreign values in messages. It loads nothing, since every command reads its flags through it. */

/** A foreign value as a message shows it: JSON, cut short. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return short(asJson(value), 60);
}

/** With an ellipsis where it is longer. */
export function short(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}…` : text;
}

/** JSON.parse reads values of any depth, JSON.stringify runs out of stack. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return "something nested too deeply";
    throw error;
  }
}
