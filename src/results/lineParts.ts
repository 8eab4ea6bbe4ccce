/**
 * Which keys of a case's line its reader takes together. Each part is a run of keys that is an object of JSON by itself:
 * what a part says once more need not be taken apart again, nor what no reader wants; and however many columns there are,
 * none has so many that V8 makes a slow dictionary of it.
 */
import { neighbours } from "../base/neighbours.ts";
import { journalKeyNames } from "./journalKeys.ts";
import { lineColumnNames, type RowSchema } from "./row.ts";
import { isShared } from "./sharedParts.ts";

/** `unread`: no reader wants it. `shared`: the cases of a run take turns with a few. `own`: each case has another. */
type PartKind = "unread" | "shared" | "own";

export interface LinePart {
  readonly kind: PartKind;
  readonly names: readonly string[];
}

/** The shorter a part, the oftener it says what it said; V8 takes twice the time to parse an object of 128 keys or more. */
const mostKeys = 16;

/** A part costs as much as a few keys. */
const leastKeys = 8;

/** In the writer's order; the line's `type` stands before them. */
export function linePartsOf(schema: RowSchema): readonly LinePart[] {
  const names = [...lineColumnNames, ...journalKeyNames];
  const long = neighbours(names, (name) => kindOf(name, schema)).flatMap(([kind, run]) => {
    const worthwhile = kind === "shared" && run.length < leastKeys ? "own" : kind;
    return run.map((name) => [worthwhile, name] as const);
  });
  return neighbours(long, ([kind]) => kind).flatMap(([kind, run]) =>
    inPieces({ kind, names: run.map(([, name]) => name) }),
  );
}

function kindOf(name: string, schema: RowSchema): PartKind {
  if (!(name in schema.shape)) return "unread";
  return isShared(name) ? "shared" : "own";
}

function inPieces({ kind, names }: LinePart): LinePart[] {
  const pieces = Math.ceil(names.length / mostKeys);
  const length = Math.ceil(names.length / pieces);
  return Array.from({ length: pieces }, (_, at) => {
    return { kind, names: names.slice(at * length, (at + 1) * length) };
  });
}
