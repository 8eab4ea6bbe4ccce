/** Marks of a picture, by what each property is: a value, or what the row of data says that the mark is drawn for. */
import type { EncodeEntry, Mark } from "vega";

type MarkType = "line" | "path" | "rect" | "rule" | "symbol" | "text";

/** What a row says: a field, put on a scale where one is named, or an expression over the row. */
type OfRow =
  | { readonly field: string; readonly scale?: string; readonly offset?: number }
  | { readonly signal: string };

export type MarkProperties = Readonly<Record<string, string | number | readonly number[] | OfRow>>;

/** A mark that stands alone. */
export function mark(type: MarkType, properties: MarkProperties): Mark {
  return { type, encode: { enter: encoded(properties) } };
}

/** A mark for each row of the named data. */
export function marksOf(data: string, type: MarkType, properties: MarkProperties): Mark {
  return { type, from: { data }, encode: { enter: encoded(properties) } };
}

export function field(name: string): OfRow {
  return { field: name };
}

export function onScale(scale: string, name: string): OfRow {
  return { scale, field: name };
}

/** Values stand behind a key of their own, where Vega tells them from fields. */
function encoded(properties: MarkProperties): EncodeEntry {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      isOfRow(property) ? property : { value: property },
    ]),
  );
}

function isOfRow(property: MarkProperties[string]): property is OfRow {
  return typeof property === "object" && ("field" in property || "signal" in property);
}
