/** Machines of reports/reference/, read once. */
import { fileURLToPath } from "node:url";
import {
  compareMachines,
  type Comparison,
  type CompareOptions,
} from "../../src/compare/comparison.ts";
import { machinesOf } from "../../src/compare/machines.ts";
import { importResults } from "../../src/results/importResults.ts";
import { defaults } from "./rows.ts";

export async function compareReference(
  names: readonly string[],
  options: Partial<CompareOptions> = {},
): Promise<Comparison> {
  const files = await Promise.all(
    names.map(async (name) => {
      const path = new URL(`../../reports/reference/${name}.csv`, import.meta.url);
      const { cases } = await importResults(fileURLToPath(path), []);
      return { file: `${name}.csv`, cases };
    }),
  );
  return compareMachines(machinesOf(files), { ...defaults, ...options });
}
