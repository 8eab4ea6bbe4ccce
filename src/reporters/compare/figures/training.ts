/** How much lower precision speeds training up on each machine, against f32 at the same batch. */
import type { Machine } from "../../../compare/machines.ts";
import { gainsByCase } from "../../../compare/training.ts";
import { barChart, type Bar } from "../barChart.ts";
import type { Figure } from "../figure.ts";
import { threeDigits } from "../words/phrases.ts";
import { fact } from "./speed.ts";

/** More groups of bars are no picture any more; the table has them all. */
const mostGroups = 24;

/** Null where no machine trained in f32 and in something lower. */
export function trainingGainFigure(machines: readonly Machine[]): Figure | null {
  const groups = [...gainsByCase(machines)].slice(0, mostGroups);
  if (groups.length === 0) return null;
  const bars = groups.flatMap(([group, gains]) =>
    machines.map((machine): Bar => {
      const own = gains.find((gain) => gain.machine === machine);
      const place = { group, series: machine.label };
      return own === undefined
        ? { ...place, value: null, label: "", note: "not measured", unmeasured: true }
        : { ...place, value: own.times, label: `×${threeDigits(own.times)} of f32` };
    }),
  );
  return {
    id: "training-precision",
    title: "Training: speed-up of lower precision, against f32 at the same batch",
    spec: barChart(
      bars,
      machines.map(({ label }) => label),
      "times the speed of f32",
    ),
    facts: bars.map(fact),
  };
}
