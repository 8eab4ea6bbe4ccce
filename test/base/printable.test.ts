import { expect, it } from "vitest";
import { printable } from "../../src/base/printable.ts";

it("what a terminal would obey stands as its number, what people read stays", () => {
  expect(printable("\u001B[31mred\u0007")).toBe("\\u{1B}[31mred\\u{7}");
  expect(printable("\u202Eabc\uFEFF\u0085\u0000")).toBe("\\u{202E}abc\\u{FEFF}\\u{85}\\u{0}");
  expect(printable("Größe ± 3 × 模型 🦙\nsecond line")).toBe("Größe ± 3 × 模型 🦙\nsecond line");
});
