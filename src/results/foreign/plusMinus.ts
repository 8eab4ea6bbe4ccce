/** The sign between a mean and its spread, and what is left of it in a file that went through another encoding. */

/** The bytes of `±`, in UTF-8, Latin-1 or a console's code page, as another encoding reads them. */
const misread: ReadonlySet<string> = new Set(
  "┬▒ б╠ 卤 簣 ﾂｱ 賊 짹 Âą ยฑ ▒ ╠ ｱ ą ฑ ñ ń с ρ ё Я Ò ๑ ס \uFFFD \uFFFD\uFFFD ? ??".split(" "),
);

/** With the other half of its two bytes before it, and as plain letters, TeX and Markdown have it. */
const plain = /^[\\$]?(?:[^\p{ASCII}]{0,3}±|\+\/?-)\$?$/u;

/** False of an arrow, a dash, a slash or whatever else people write between two speeds. */
export function isPlusMinus(sign: string): boolean {
  return plain.test(sign) || misread.has(sign);
}
