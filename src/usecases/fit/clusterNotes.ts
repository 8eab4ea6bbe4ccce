/** What a row of several machines can't say: how many of them it takes, and that more make nothing faster. */
import { modelName } from "../../compare/modelNames.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { speedWords } from "../../ui/predictionWords.ts";
import { clusterOf, mostMachines } from "./clusters.ts";
import { fitCells, type FitCell } from "./fitCells.ts";
import type { DescribedCluster } from "./fitMachine.ts";

/** What `compare` takes for a difference that matters. */
const practical = 0.03;

const numerals = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"] as const;
const ordinals = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

export function clusterNotes(cells: readonly FitCell[], settings: FitSettings): string[] {
  return cells.flatMap((cell) => {
    const described = cell.machine.cluster?.described ?? null;
    return described === null ? [] : [noteOf(cell, described, settings)];
  });
}

function noteOf(cell: FitCell, cluster: DescribedCluster, settings: FitSettings): string {
  const { model, verdict, speed } = cell;
  const subject = modelName(model);
  const { length } = cluster.machines;
  const last = cluster.machines[length - 1] ?? cluster.machines[0];
  if (verdict.fit !== "full") {
    for (let more = length + 1; more <= mostMachines; more++) {
      const larger = withMore(cell, cluster, more, settings);
      if (larger.verdict.fit === "full")
        return `${subject}: ${numeral(length)} machines don't hold it, ${numeral(more)} would, the others like ${last.id}: ${rate(larger)}`;
    }
    return `${subject}: not even ${mostMachines} machines like ${last.id} hold it`;
  }
  if (speed === null) return `${subject}: ${numeral(length)} machines hold it`;
  const larger = withMore(cell, cluster, length + 1, settings);
  const faster = (larger.speed?.tg_ts ?? 0) > (1 + practical) * speed.tg_ts;
  const next = `a ${ordinals[length + 1] ?? "further"} like ${last.id}`;
  return `${subject}: ${numeral(length)} machines hold it (${rate(cell)}), and ${next} would ${faster ? "" : "not "}make it faster (${rate(larger)}): layers go through one after the other`;
}

function withMore(
  { model }: FitCell,
  { machines, link }: DescribedCluster,
  count: number,
  settings: FitSettings,
): FitCell {
  const [first, ...others] = machines;
  const last = machines[machines.length - 1] ?? first;
  const more = Array.from({ length: count - machines.length }, () => last);
  const machine = clusterOf([first, ...others, ...more], link, { settings });
  const [cell] = fitCells([model], [machine], settings);
  if (cell === undefined) throw new RangeError("a model on a machine is a cell");
  return cell;
}

function rate({ speed }: FitCell): string {
  return speed === null ? "speed unknown" : `${speedWords(speed.tg_ts)} t/s`;
}

function numeral(count: number): string {
  return numerals[count] ?? String(count);
}
