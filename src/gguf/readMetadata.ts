/** Reads the metadata of a GGUF header: short values are kept, long arrays walked over. */
import { quoted } from "./headerCursor.ts";
import type { HeaderCursor } from "./headerCursor.ts";
import { headerLimits } from "./headerLimits.ts";
import { MalformedHeader } from "./malformedHeader.ts";
import { arrayTypeId, scalarTypeById, scalarTypes, stringTypeId } from "./metadataTypes.ts";

export type Scalar = number | bigint | boolean | string;

/** An array of the metadata; `values` is null for one that is too long to keep, as vocabularies are. */
export interface MetadataArray {
  readonly length: number;
  readonly values: readonly Scalar[] | null;
}

export type Metadata = ReadonlyMap<string, Scalar | MetadataArray>;

/** First byte of an entry in the file, and the first behind it. */
export type EntrySpan = readonly [start: number, end: number];

/** What the metadata says, and where. @throws MalformedHeader */
export function readMetadata(
  cursor: HeaderCursor,
  count: number,
): { readonly metadata: Metadata; readonly spans: ReadonlyMap<string, EntrySpan> } {
  const metadata = new Map<string, Scalar | MetadataArray>();
  const spans = new Map<string, EntrySpan>();
  for (let i = 0; i < count; i++) {
    const start = cursor.position;
    const key = cursor.string(headerLimits.keyBytes, "bytes of a metadata key");
    if (key === "") throw new MalformedHeader(`metadata key ${i} is empty`);
    if (metadata.has(key)) throw new MalformedHeader(`metadata key ${quoted(key)} stands twice`);
    metadata.set(key, readValue(cursor, key));
    spans.set(key, [start, cursor.position]);
  }
  return { metadata, spans };
}

function readValue(cursor: HeaderCursor, key: string): Scalar | MetadataArray {
  const typeId = cursor.u32();
  return typeId === arrayTypeId ? readArray(cursor, key) : readScalar(cursor, key, typeId);
}

function readScalar(cursor: HeaderCursor, key: string, typeId: number): Scalar {
  if (typeId === stringTypeId) return cursor.string(headerLimits.stringBytes, "bytes", key);
  const type = scalarTypeById(typeId);
  if (type === undefined) throw new MalformedHeader(`${quoted(key)} has unknown type ${typeId}`);
  return cursor.scalar(type);
}

function readArray(cursor: HeaderCursor, key: string): MetadataArray {
  const typeId = cursor.u32();
  const length = cursor.count(headerLimits.arrayLength, "elements", key);
  if (length <= headerLimits.keptArrayLength) {
    return { length, values: Array.from({ length }, () => readScalar(cursor, key, typeId)) };
  }
  const scalarType = scalarTypeById(typeId);
  if (scalarType !== undefined) {
    cursor.skip(length * scalarTypes[scalarType].bytes);
  } else if (typeId === stringTypeId) {
    for (let i = 0; i < length; i++) {
      cursor.skip(cursor.count(headerLimits.stringBytes, "bytes of an element", key));
    }
  } else {
    throw new MalformedHeader(`${quoted(key)} is an array of unknown type ${typeId}`);
  }
  return { length, values: null };
}
