/** A part of a record out of the columns that are its fields. */
import type { PartName, Parts } from "./columns/column.ts";
import { columnNames, columns, isRead, type ReadColumnName } from "./columns/columns.ts";
import type { ReadRow } from "./row.ts";
import { unknownCase } from "./unknownCase.ts";

type Fields = readonly (readonly [column: ReadColumnName, field: string])[];

const fields = new Map<PartName, Fields>();
for (const column of columnNames.filter(isRead)) {
  const { place } = columns[column];
  if (place !== null)
    fields.set(place.part, [...(fields.get(place.part) ?? []), [column, place.field]]);
}

export function columnsOf(part: PartName): ReadColumnName[] {
  return (fields.get(part) ?? []).map(([column]) => column);
}

/** Parts with all their fields: objects that grow field by field are slow ones to V8, copies of a whole one are not. */
const blanks: { readonly [Part in PartName]: Parts[Part] } = {
  case: {
    id: "",
    runId: "",
    seed: null,
    testTime: null,
    predictedTs: null,
    predictedLowTs: null,
    predictedHighTs: null,
    predictedBasis: null,
    shareOfRoof: null,
    source: null,
  },
  machine: unknownCase.machine,
  engine: { name: null, version: null, commit: null, backend: null },
  model: unknownCase.model,
  settings: unknownCase.settings,
  fit: unknownCase.fit,
  memory: unknownCase.memory,
  summary: { metric: null, mean: 0, ...unknownCase.summary },
  sustained: {
    seconds: 0,
    burst: null,
    held: null,
    drop: null,
    throttledAtSeconds: null,
    points: [],
  },
  tokenMs: unknownCase.summary.tokenMs,
  readings: unknownCase.summary.readings,
};

/** Fields that no column is are unknown. */
export function partOf<Part extends PartName>(part: Part, row: ReadRow): Parts[Part] {
  const made: Record<string, unknown> = { ...blanks[part] };
  for (const [column, field] of fields.get(part) ?? []) made[field] = row[column];
  return made as unknown as Parts[Part];
}
