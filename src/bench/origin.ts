/** Where figures are from: which builds of which engines made them, when, and who published them. */
import { groupBy } from "../base/groupBy.ts";
import type { CaseRecord } from "./record.ts";

type Traced = Pick<CaseRecord, "engine" | "testTime" | "source">;

export interface Origin {
  readonly engines: readonly EngineBuilds[];
  /** Days, months or years (ISO 8601), each once, the earliest first. */
  readonly dates: readonly string[];
  /** Some of the figures don't tell when they were made. */
  readonly undated: boolean;
  /** As the rows have them, each once; empty for what is measured by whoever has the file. */
  readonly sources: readonly string[];
}

export interface EngineBuilds {
  /** Null where the rows don't tell it. */
  readonly name: string | null;
  /** Version, else commit; each once. */
  readonly builds: readonly string[];
  /** Some of the figures don't tell their build. */
  readonly unknownBuilds: boolean;
}

export function originOf(cases: readonly Traced[]): Origin {
  const engines = groupBy(cases, ({ engine }) => engine.name ?? "");
  const dates = cases.map(({ testTime }) => testTime?.slice(0, "2024-05-01".length) ?? null);
  return {
    engines: [...engines].map(([name, own]) => {
      const builds = own.map(buildOf);
      return {
        name: name === "" ? null : name,
        builds: known(builds),
        unknownBuilds: builds.includes(null),
      };
    }),
    dates: known(dates).toSorted(),
    undated: dates.includes(null),
    sources: known(cases.map(({ source }) => source)),
  };
}

/** Version, else commit. */
function buildOf({ engine }: Pick<CaseRecord, "engine">): string | null {
  return engine.version ?? engine.commit;
}

function known(values: readonly (string | null)[]): string[] {
  return [...new Set(values.flatMap((value) => value ?? []))];
}
