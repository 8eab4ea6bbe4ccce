/** What no schema can tell of a machine file: figures that contradict each other, names that two machines have. */
import { suggest } from "../base/suggest.ts";
import { discreteIds, serverIds, unifiedIds } from "./entryIds.ts";
import type {
  DiscreteEntry,
  Figure,
  HostEntry,
  ServerEntry,
  UnifiedEntry,
} from "./machineEntry.ts";

interface FileContents {
  readonly sources: Readonly<Record<string, string>>;
  readonly unified: readonly UnifiedEntry[];
  readonly discrete: readonly DiscreteEntry[];
  readonly servers: readonly ServerEntry[];
  readonly host?: HostEntry | undefined;
}

export interface Doubt {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export function entryDoubts(file: FileContents): Doubt[] {
  const { sources, unified, discrete, servers, host } = file;
  return [
    ...(discrete.length > 0 && host === undefined
      ? [doubt(["host"], "expected ram_gib and bandwidth_gbs of the machine around the GPUs")]
      : []),
    ...unified.flatMap((entry, index) => unifiedDoubts(entry, ["unified", index])),
    ...discrete.flatMap((entry, index) => discreteDoubts(entry, ["discrete", index])),
    ...servers.flatMap((entry, index) => manySizes(entry, ["servers", index])),
    ...figuresOf(file).flatMap(({ path, figure }) => sourceDoubts(figure, path, sources)),
    ...sharedNames(file),
  ];
}

function doubt(path: readonly PropertyKey[], message: string): Doubt {
  return { path, message };
}

function unifiedDoubts(entry: UnifiedEntry, path: readonly PropertyKey[]): Doubt[] {
  const { backend, ram_gib: sizes, gpu_share: share, visible_ram_gib: visible } = entry;
  return [
    ...manySizes(entry, path),
    ...(backend === "metal" && share !== undefined
      ? [
          doubt(
            [...path, "gpu_share"],
            "with metal the share follows from the RAM: leave it out, and give --gpu-budget for a limit that was raised",
          ),
        ]
      : []),
    ...tooMuch(visible, sizes, "ram_gib", [...path, "visible_ram_gib"]),
  ];
}

function manySizes(
  { id, ram_gib: sizes }: Pick<UnifiedEntry, "id" | "ram_gib">,
  path: readonly PropertyKey[],
): Doubt[] {
  if (id === undefined || sizes.length === 1) return [];
  return [doubt([...path, "id"], "one id can't name several sizes of ram_gib")];
}

function discreteDoubts(entry: DiscreteEntry, path: readonly PropertyKey[]): Doubt[] {
  const { id, memory_gib: sizes, counts, usable_gib: usable } = entry;
  return [
    ...(id !== undefined && sizes.length * counts.length > 1
      ? [doubt([...path, "id"], "one id can't name several sizes or counts")]
      : []),
    ...tooMuch(usable, sizes, "memory_gib", [...path, "usable_gib"]),
  ];
}

/** A part that is more than the whole. */
function tooMuch(
  part: Figure | undefined,
  sizes: readonly number[],
  whole: string,
  path: readonly PropertyKey[],
): Doubt[] {
  const least = Math.min(...sizes);
  if (part === undefined || part.value <= least) return [];
  return [
    doubt(
      [...path, "value"],
      `expected at most the ${least} GiB of ${whole}, got ${part.value}; without it, the usual is assumed`,
    ),
  ];
}

/** One word that is nearly a key of `sources` is a slip; several are a source of their own. */
function sourceDoubts(
  { source }: Figure,
  path: readonly PropertyKey[],
  sources: FileContents["sources"],
): Doubt[] {
  if (Object.hasOwn(sources, source) || /\s/.test(source)) return [];
  const near = suggest(source, Object.keys(sources));
  if (near === null) return [];
  return [
    doubt(
      [...path, "source"],
      `${JSON.stringify(source)} is no key of sources (did you mean ${near}?); a source of its own takes a few words`,
    ),
  ];
}

interface PlacedFigure {
  readonly path: readonly PropertyKey[];
  readonly figure: Figure;
}

function figuresOf({ unified, discrete, servers, host }: FileContents): PlacedFigure[] {
  const found: PlacedFigure[] = [];
  const look = (values: object, path: readonly PropertyKey[]): void => {
    for (const [key, value] of Object.entries(values) as [string, unknown][])
      if (isFigure(value)) found.push({ path: [...path, key], figure: value });
  };
  for (const [index, entry] of unified.entries()) look(entry, ["unified", index]);
  for (const [index, entry] of discrete.entries()) look(entry, ["discrete", index]);
  for (const [index, entry] of servers.entries()) look(entry, ["servers", index]);
  look(host ?? {}, ["host"]);
  return found;
}

function isFigure(value: unknown): value is Figure {
  return typeof value === "object" && value !== null && "source" in value;
}

/** Rows of one name could not be told apart. */
function sharedNames({ unified, discrete, servers }: FileContents): Doubt[] {
  const named = [
    ...unified.map((entry, index) => ({
      path: ["unified", index],
      names: [...unifiedIds(entry), ...entry.aliases],
    })),
    ...discrete.map((entry, index) => ({
      path: ["discrete", index],
      names: [...discreteIds(entry), ...entry.aliases],
    })),
    ...servers.map((entry, index) => ({
      path: ["servers", index],
      names: [...serverIds(entry), ...entry.aliases],
    })),
  ];
  const taken = new Set<string>();
  return named.flatMap(({ path, names }) =>
    names.flatMap((name) => {
      if (!taken.has(name)) {
        taken.add(name);
        return [];
      }
      return [doubt(path, `${name} is described twice; give one an id of its own`)];
    }),
  );
}
