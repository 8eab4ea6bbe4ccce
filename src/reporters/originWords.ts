/** Where figures are from, in words: `llama.cpp b2795 and b2824, May 2024, published by XiongjieDai/GPU-Benchmarks…`. */
import { originOf, type EngineBuilds, type Origin } from "../bench/origin.ts";
import type { CaseRecord } from "../bench/record.ts";
import { listed } from "./compare/words/phrases.ts";

/** Builds, when, and who published them, as far as the cases tell. */
export function originWords(cases: readonly CaseRecord[]): string {
  const origin = originOf(cases);
  return [listed(origin.engines.map(buildWords)), dateWords(origin), publisherWords(origin.sources)]
    .filter((text) => text !== "")
    .join(", ");
}

/** Build, when, and the source in full, of one case. */
export function caseOriginWords(record: CaseRecord): string {
  const origin = originOf([record]);
  const parts = [listed(origin.engines.map(buildWords)), dateWords(origin), record.source ?? ""];
  return parts.filter((text) => text !== "").join(", ");
}

/** `llama.cpp b2795, b2824 and unknown builds`. */
function buildWords({ name, builds, unknownBuilds }: EngineBuilds): string {
  const engine = name ?? "an unnamed engine";
  if (builds.length === 0) return `${engine} of unknown build`;
  return `${engine} ${listed([...builds, ...(unknownBuilds ? ["unknown builds"] : [])], 5)}`;
}

const months = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** `May 2024`, `2023 to 2026`; empty where none tells. */
function dateWords({ dates, undated }: Pick<Origin, "dates" | "undated">): string {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return undated ? "undated" : "";
  const span =
    monthOf(first) === monthOf(last)
      ? monthName(first)
      : yearsText(first.slice(0, 4), last.slice(0, 4));
  return undated ? `${span} and undated` : span;
}

function monthOf(date: string): string {
  return date.slice(0, "2024-05".length);
}

function yearsText(first: string, last: string): string {
  return first === last ? first : `${first} to ${last}`;
}

function monthName(date: string): string {
  const time = Date.parse(`${monthOf(date)}-01T00:00:00Z`);
  return date.length < "2024-05".length || Number.isNaN(time) ? date : months.format(time);
}

/** A repository, and the discussion or issue in it. */
const publisher = /^[\w.-]+\/[\w.-]+(?: ?(?:discussion |issue )?#\d+)?/;

function publisherWords(sources: readonly string[]): string {
  const names = [...new Set(sources.map((source) => publisher.exec(source)?.[0] ?? source))];
  return names.length === 0 ? "" : `published in ${listed(names, 3)}`;
}
