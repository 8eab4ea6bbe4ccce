/**
 * The CSV's columns: a row a column. A column may be added, at the end of the later ones; none is renamed or removed without
 * a new schema version.
 */
import type { z } from "zod";
import { caseColumns } from "./caseColumns.ts";
import type { Column, Standing } from "./column.ts";
import { firstEdition } from "./firstEdition.ts";
import { laterColumns } from "./laterColumns.ts";
import { machineColumns } from "./machineColumns.ts";
import { memoryColumns } from "./memoryColumns.ts";
import { modelColumns } from "./modelColumns.ts";
import { settingColumns } from "./settingColumns.ts";
import { summaryColumns } from "./summaryColumns.ts";

const firstColumns = {
  ...caseColumns,
  ...machineColumns,
  ...modelColumns,
  ...settingColumns,
  ...summaryColumns,
  ...memoryColumns,
} as const satisfies Record<(typeof firstEdition)[number], Column>;

export const columns = { ...firstColumns, ...laterColumns } as const;
export type ColumnName = keyof typeof columns;

/** In the contract's order. */
export const columnNames: readonly ColumnName[] = [
  ...firstEdition,
  ...(Object.keys(laterColumns) as (keyof typeof laterColumns)[]),
];

type NameOf<Stands extends Standing> = {
  [Name in ColumnName]: (typeof columns)[Name]["standing"] extends Stands ? Name : never;
}[ColumnName];

/** Columns that readers go by. */
export type ReadColumnName = NameOf<"read">;

export function isRead(name: ColumnName): name is ReadColumnName {
  return columns[name].standing === "read";
}

/** Columns that nothing fills yet. */
export type ReservedColumnName = NameOf<"reserved">;

export function isReserved(name: ColumnName): name is ReservedColumnName {
  return columns[name].standing === "reserved";
}

/** A case as the CSV's columns, with JSON's types: unknown is null. */
export type CaseRow = {
  -readonly [Name in ColumnName]: z.infer<(typeof columns)[Name]["schema"]>;
};
