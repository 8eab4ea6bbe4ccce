/** Numbers as people of other countries write them, as a program reads them. */

/** What stands before decimals in the numbers of one hand; null where none of them tells. */
export type DecimalMark = "," | ".";

/** Beginnings of cells: a processor's name may have any number in it. */
const leading = /^[-+]?(\d[\d.,]*)(?=\s|$)/u;
/** Three digits behind one mark may be thousands or decimals; all else tells. */
const surely = {
  ",": /^(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+)$/u,
  ".": /^(?:\d{1,3}(?:,\d{3})+\.\d+|\d*\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+)$/u,
} as const satisfies Record<DecimalMark, RegExp>;

export function decimalMarkOf(cells: readonly unknown[]): DecimalMark | null {
  const numbers = cells.flatMap((cell) =>
    typeof cell === "string" ? (leading.exec(cell.trim())?.[1] ?? []) : [],
  );
  const marks = [",", "."] as const;
  return marks.find((mark) => numbers.some((number) => surely[mark].test(number))) ?? null;
}

/** `11,992.70`, `11.992,70` and `11992,70` as `11992.70`; null for what is no number, or could be two. */
export function plainNumber(text: string, mark: DecimalMark | null): string | null {
  const [, sign = "", digits = "", exponent = ""] =
    /^([-+]?)([\d.,]*\d[\d.,]*)(e[-+]?\d+)?$/iu.exec(text) ?? [];
  const plain = plainDigits(digits, mark);
  return plain === null ? null : `${sign}${plain}${exponent}`;
}

function plainDigits(digits: string, mark: DecimalMark | null): string | null {
  if (/^\d+$/u.test(digits) || surely["."].test(digits)) return digits.replaceAll(",", "");
  if (surely[","].test(digits)) return digits.replaceAll(".", "").replace(",", ".");
  if (/^\d{1,3}(?:[.,]\d{3})+$/u.test(digits)) return groups(digits, mark);
  return null;
}

/**
 * `1.234` is a program's number with three decimals, unless others beside it have a comma before theirs; `1,234` could be
 * either, unless they do.
 */
function groups(digits: string, mark: DecimalMark | null): string | null {
  const [first = ".", ...more] = digits.match(/[.,]/gu) ?? [];
  if (more.length > 0)
    return more.every((one) => one === first) ? digits.replaceAll(first, "") : null;
  if (first === ".") return mark === "," ? digits.replace(".", "") : digits;
  return mark === "," ? digits.replace(",", ".") : null;
}
