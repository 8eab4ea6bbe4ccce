/** Result files as machines: who is compared, under which label. */
import { LlmbenchError } from "../errors.ts";
import { groupBy } from "../base/groupBy.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Backend, CaseRow } from "../results/caseResult.ts";

export interface ResultFile {
  /** As the user named it. */
  readonly file: string;
  readonly rows: readonly CaseRow[];
}

export interface Machine {
  readonly label: string;
  readonly file: string;
  readonly rows: readonly CaseRow[];
  readonly gpuInfo: string | null;
  readonly cpuInfo: string | null;
  readonly backend: Backend | null;
  readonly nDevices: number | null;
  readonly ramBytes: number | null;
  readonly gpuBudgetBytes: number | null;
}

/** One machine for each file and machine name in it, in the order given; equal names become `name#2`, `name#3`. */
export function machinesOf(files: readonly ResultFile[]): Machine[] {
  const seen = new Map<string, number>();
  return files.flatMap(({ file, rows }) =>
    [...groupBy(rows, (row) => row.machine)].map(([name, own]) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return machine(count === 1 ? name : `${name}#${count}`, file, own);
    }),
  );
}

function machine(label: string, file: string, rows: readonly CaseRow[]): Machine {
  const first = <Name extends keyof CaseRow>(name: Name) =>
    rows.find((row) => row[name] !== null)?.[name] ?? null;
  return {
    label,
    file,
    rows,
    gpuInfo: first("gpu_info"),
    cpuInfo: first("cpu_info"),
    backend: first("backend"),
    nDevices: first("n_devices"),
    ramBytes: first("ram_bytes"),
    gpuBudgetBytes: first("gpu_budget_bytes"),
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
