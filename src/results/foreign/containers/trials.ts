/**
 * What mlx_lm.benchmark prints (mlx_lm/benchmark.py of mlx-lm): a line with the lengths, one for each trial, and their
 * averages. All of it is one row.
 */
import { nothingFound, type Found } from "../found.ts";
import type { Scan } from "../scan.ts";

const timing = /\bTiming with (prompt_tokens=\d+.*?)\.?\s*$/u;
const trial = /\bTrial (\d+):\s*(prompt_tps=.*)$/u;
const averages = /\bAverages:\s*(prompt_tps=.*)$/u;

interface Printed {
  readonly line: number;
  readonly lengths: Readonly<Record<string, number>>;
  readonly trials: Readonly<Record<string, number>>[];
  averages: Readonly<Record<string, number>>;
}

export function trialRows(scan: Scan): Found {
  const found = nothingFound();
  let printed: Printed | null = null;
  const end = (): void => {
    if (printed !== null) finish(printed, scan, found);
    printed = null;
  };
  for (const { number, text } of scan.free()) {
    const lengths = timing.exec(text)?.[1];
    const one = trial.exec(text);
    const all = averages.exec(text)?.[1];
    if (lengths === undefined && one === null && all === undefined) continue;
    scan.claim(number, number);
    if (lengths !== undefined || one?.[1] === "1") {
      // The first trial stands below its lengths, where they were printed.
      if (lengths !== undefined || (printed !== null && printed.trials.length > 0)) end();
    }
    const current: Printed = (printed ??= {
      line: number,
      lengths: numbersIn(lengths ?? ""),
      trials: [],
      averages: {},
    });
    if (one !== null) current.trials.push(numbersIn(one[2] ?? ""));
    if (all === undefined) continue;
    current.averages = numbersIn(all);
    end();
  }
  end();
  return found;
}

function numbersIn(text: string): Record<string, number> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=([\d.]+)/gu)].map(([, name = "", value]) => [name, Number(value)]),
  );
}

function finish(
  { line, lengths, trials, averages: told }: Printed,
  scan: Scan,
  found: Found,
): void {
  found.headers.push({ tool: "mlx_lm.benchmark", line });
  if (trials.length === 0 && told["prompt_tps"] === undefined) return;
  found.rows.push({
    tool: "mlx_lm.benchmark",
    fields: { ...lengths, trials, averages: told },
    place: `line ${line}`,
    line,
    output: scan.nextOutput(),
    outer: [],
  });
}
