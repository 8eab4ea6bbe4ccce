/** What stands around rows and tells of them: devices, builds, command lines, the model that was loaded. */
import { deviceLineOf, type DeviceLine } from "./deviceLines.ts";
import type { Line } from "./lines.ts";

export interface Build {
  readonly commit: string;
  readonly number: string;
}

/** What a log tells of the model; texts as they stand there. */
export type ModelFact = "file" | "type" | "size" | "params" | "fileType" | "arch" | "name";

type Told =
  | DeviceLine
  | { readonly kind: "build"; readonly build: Build }
  | { readonly kind: "command"; readonly words: readonly string[] }
  | { readonly kind: "model"; readonly fact: ModelFact; readonly text: string }
  | { readonly kind: "settings"; readonly settings: Readonly<Record<string, string>> };

/** A line that tells of the rows near it. */
export type Surrounding = Told & { readonly line: number };

/** `build: 5c0e9468 (7900)` of llama-bench; `version: 7900 (5c0e9468)` and `build: 7900 (5c0e9468) with …` of others. */
const buildLine = /^\s*(?:main: )?(?:build|version)(?: =|:)\s*(\w+)\s*\((\w+)\)/u;

/** A commit has at least seven letters. */
const buildNumber = /^\d{1,6}$/u;

function buildOf(line: string): Build | null {
  const [, first, second] = buildLine.exec(line) ?? [];
  if (first === undefined || second === undefined) return null;
  if (buildNumber.test(second)) return { commit: first, number: second };
  return buildNumber.test(first) ? { commit: second, number: first } : null;
}

/** A line that starts one of the tools: its name, and what only a command line has behind it. */
const commandLine =
  /(?:^|[\s/\\"'])(?:llama-bench|(?:llama-)?batched-bench|(?:llama-)?sweep-bench|mlx_lm\.benchmark|localscore)(?:\.exe)?["']?(?=\s+-|\s*$)/u;

function commandOf(line: string): readonly string[] | null {
  return commandLine.test(line) ? wordsOf(line) : null;
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

const modelLines: readonly (readonly [ModelFact, RegExp])[] = [
  ["file", /\bloaded meta data with .+ tensors from (.+?)(?: \(version .*\))?$/u],
  ["type", /\bmodel type\s+= (\S.*)$/u],
  ["params", /\bmodel params\s+= (\S.*)$/u],
  ["size", /\b(?:file|model) size\s+= ([\d.]+ \w+)/u],
  ["fileType", /\b(?:file type|model ftype)\s+= (\S.*)$/u],
  ["arch", /\barch\s+= (\S.*)$/u],
  ["name", /\bgeneral\.name\s+= (\S.*)$/u],
];

/** `main: n_kv_max = 2048, n_batch = 2048, …`, above the table of llama-batched-bench and of llama-sweep-bench. */
function settingsOf(line: string): Readonly<Record<string, string>> | null {
  if (!/\bn_kv_max = \d+/u.test(line)) return null;
  return Object.fromEntries(
    [...line.matchAll(/(\w+) = (-?\w+)/gu)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function toldBy(text: string): Told | null {
  const device = deviceLineOf(text);
  if (device !== null) return device;
  const build = buildOf(text);
  if (build !== null) return { kind: "build", build };
  const words = commandOf(text);
  if (words !== null) return { kind: "command", words };
  const settings = settingsOf(text);
  if (settings !== null) return { kind: "settings", settings };
  return modelFactOf(text);
}

function modelFactOf(line: string): Told | null {
  if (!/ = |loaded meta data/u.test(line)) return null;
  for (const [fact, pattern] of modelLines) {
    const text = pattern.exec(line)?.[1];
    if (text !== undefined) return { kind: "model", fact, text };
  }
  return null;
}

export function surroundingsIn(lines: readonly Line[]): Surrounding[] {
  return lines.flatMap(({ number, text }) => {
    const told = toldBy(text);
    return told === null ? [] : [{ line: number, ...told }];
  });
}

/** What programs write to a terminal beside their results: none of it is a row, however many `|` it has. */
export function isLog(line: string): boolean {
  return /^\s*(?:[\w.-]+: (?!\s*\|)|[+$#%❯➜] )/u.test(line) || deviceLineOf(line) !== null;
}
