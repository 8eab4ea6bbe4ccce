/** Result files as machines: who is compared, under which label. */
import { groupBy } from "../base/groupBy.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Backend } from "../bench/backends.ts";
import type { CaseRecord, MachineFacts } from "../bench/record.ts";
import { LlmbenchError } from "../errors.ts";

export interface ResultFile {
  /** The file as the user named it. */
  readonly file: string;
  readonly cases: readonly CaseRecord[];
}

/** Each fact as the first case that tells it has it. */
export interface Machine extends Pick<
  MachineFacts,
  "gpu" | "cpu" | "nDevices" | "ramBytes" | "gpuBudgetBytes"
> {
  readonly label: string;
  readonly file: string;
  readonly cases: readonly CaseRecord[];
  readonly backend: Backend | null;
}

/**
 * One machine for each file and machine name in it, in the order given, but that within a file those that measured alone
 * stand before those that others lent devices: what several boxes bring is told against the one. Equal names become
 * `name#2`, `name#3`.
 */
export function machinesOf(files: readonly ResultFile[]): Machine[] {
  const seen = new Map<string, number>();
  return files.flatMap(({ file, cases }) =>
    [...groupBy(cases, ({ machine }) => machine.name)]
      .toSorted(([, a], [, b]) => Number(lendersOf(a) > 0) - Number(lendersOf(b) > 0))
      .map(([name, own]) => {
        const count = (seen.get(name) ?? 0) + 1;
        seen.set(name, count);
        return machineOf(count === 1 ? name : `${name}#${count}`, file, own);
      }),
  );
}

/** How many other machines lent it devices, at most. */
export function lendersOf(cases: readonly CaseRecord[]): number {
  return cases.reduce(
    (most, { machine }) => Math.max(most, machine.servers?.split("; ").length ?? 0),
    0,
  );
}

function machineOf(label: string, file: string, cases: readonly CaseRecord[]): Machine {
  const first = <Name extends keyof MachineFacts>(name: Name) =>
    cases.find(({ machine }) => machine[name] !== null)?.machine[name] ?? null;
  return {
    label,
    file,
    cases,
    backend: cases.find(({ engine }) => engine.backend !== null)?.engine.backend ?? null,
    gpu: first("gpu"),
    cpu: first("cpu"),
    nDevices: first("nDevices"),
    ramBytes: first("ramBytes"),
    gpuBudgetBytes: first("gpuBudgetBytes"),
  };
}

/**
 * The machines with the baseline first: `named` is its label or file.
 *
 * @throws LlmbenchError `usage` for fewer than two machines, or a baseline that is none of them.
 */
export function baselineFirst(
  machines: readonly Machine[],
  named: string | null,
): readonly [Machine, ...Machine[]] {
  const [first, ...rest] = machines;
  if (first === undefined || rest.length === 0) {
    const only = first ? `only ${first.label} is there` : "there are no rows";
    throw new LlmbenchError(
      "usage",
      `compare needs two machines, and ${only}; name another result file`,
    );
  }
  if (named === null) return [first, ...rest];
  const baseline = machines.find(({ label, file }) => label === named || file === named);
  if (baseline === undefined) {
    const labels = machines.map(({ label }) => label);
    throw new LlmbenchError(
      "usage",
      `--baseline: expected one of ${labels.join(", ")}, got ${JSON.stringify(named)}${didYouMean(named, labels)}`,
    );
  }
  return [baseline, ...machines.filter((other) => other !== baseline)];
}
