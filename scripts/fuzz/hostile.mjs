// @ts-check
// What breaks programs that read it.

/** Where counts, sizes and offsets go wrong. */
export const numbers = /** @type {const} */ ([
  0n,
  1n,
  31n,
  255n,
  0x7f_ffn,
  0xff_ffn,
  0x1_00_00n,
  0x7f_ff_ff_ffn,
  0x80_00_00_00n,
  0xff_ff_ff_ffn,
  0x1_00_00_00_00n,
  0x1f_ff_ff_ff_ff_ff_ffn,
  0x20_00_00_00_00_00_00n,
  0x7f_ff_ff_ff_ff_ff_ff_ffn,
  0x80_00_00_00_00_00_00_00n,
  0xff_ff_ff_ff_ff_ff_ff_ffn,
]);

/** What a spreadsheet, a browser, a terminal or Markdown would take for a command. */
export const texts = /** @type {const} */ ([
  "",
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "\u001B[31mred\u001B[0m\u0007",
  "a\r\nb\n\nc",
  "| a | b |\n| - | - |",
  "[x](javascript:alert(1))",
  "`${1}`",
  "```\n<script>alert(1)</script>",
  "````<script>alert(1)</script>",
  "\u202Eright to left",
  "\uFEFF",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "CON",
  "NaN",
  "a".repeat(100_000),
]);

/** @type {readonly unknown[]} */
export const values = [
  ...texts,
  null,
  true,
  0,
  -1,
  0.1,
  1e308,
  -1e308,
  5e-324,
  2 ** 53 - 1,
  2 ** 53,
  [],
  {},
  [null],
  [[[]]],
  [1e308, 1e308],
  { length: -1 },
  Array.from({ length: 10_000 }, () => 0),
];
