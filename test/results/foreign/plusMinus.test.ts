import { expect, it } from "vitest";
import { reading, table } from "./reading.ts";

const read = (cell: string) => {
  const { told, leftOut } = reading(table("CUDA", ["tg128", cell], ["pp512", "1.00 ± 0.00"]));
  return { speeds: told.map(({ speed }) => speed), leftOut: leftOut.length };
};

it.each([
  "119.23 ± 0.40",
  "119.23±0.40",
  "119.23 +/- 0.40",
  "119.23 +- 0.40",
  "119.23 Â± 0.40",
  "119.23 ┬▒ 0.40",
  "119.23 卤 0.40",
  "119.23 \uFFFD 0.40",
  "119.23 ? 0.40",
  "119.23 $\\pm$ 0.40",
  "119.23 ± 0.40 t/s",
  "119.23 tok/s",
])("%s is a mean, whatever became of its sign", (cell) => {
  expect(read(cell)).toEqual({ speeds: [119.23, 1], leftOut: 0 });
});

it.each(["→", "➜", "=>", "/", "-", "–", "—", "×", "*", ":", "~", "&", "=", "до", "à", "到"])(
  "two speeds with %s between them are no mean and its spread",
  (sign) => {
    expect(read(`100.00 ${sign} 120.00`)).toMatchObject({ speeds: [1], leftOut: 1 });
  },
);
