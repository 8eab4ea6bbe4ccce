/** How much lower precision speeds training up on each machine, against f32 at the same batch. */
import type { Machine } from "../../../compare/machines.ts";
import { gainsByCase } from "../../../compare/training.ts";
import { dotRows, dotSaid, type Dot } from "../dotRows.ts";
import type { Figure } from "../figure.ts";
import { threeDigits } from "../words/phrases.ts";

/** More groups of rows are no picture any more; the table has them all. */
const mostGroups = 12;

/** Null where no machine trained in f32 and in something lower. */
export function trainingGainFigure(machines: readonly Machine[]): Figure | null {
  const groups = [...gainsByCase(machines)].slice(0, mostGroups);
  if (groups.length === 0) return null;
  const dots = groups.flatMap(([group, gains]) =>
    machines.map((machine): Dot => {
      const own = gains.find((gain) => gain.machine === machine);
      const place = { group, series: machine.label };
      return own === undefined
        ? { ...place, value: null, label: "", note: "not measured" }
        : { ...place, value: own.times, label: `×${threeDigits(own.times)} of f32` };
    }),
  );
  return {
    id: "training-precision",
    title: "Training: speed-up of lower precision, against f32 at the same batch",
    spec: dotRows(
      [{ title: "times the speed of f32", from: 1, dots }],
      machines.map(({ label }) => label),
    ),
    facts: dots.map(dotSaid),
  };
}
