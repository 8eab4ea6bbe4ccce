/** A column for each reading that a case tells (bench/readings.ts), by the same name. */
import type { z } from "zod";
import { snakeCase, type SnakeCase } from "../../base/snakeCase.ts";
import {
  caseReadingNames,
  caseReadings,
  type CaseReadingName,
  type CaseReadings,
} from "../../bench/readings.ts";
import { fieldsOf, type Column } from "./column.ts";

const told = fieldsOf("readings");

function columnOf(name: CaseReadingName): Column<unknown, "read"> {
  const { schema, unit, meaning, unknown } = caseReadings[name];
  const orUnknown = (schema as z.ZodType<CaseReadings[CaseReadingName]>).nullable().default(null);
  return told(name, orUnknown, unit, meaning, unknown);
}

type ReadingColumns = {
  readonly [Name in CaseReadingName as SnakeCase<Name>]: Column<CaseReadings[Name], "read">;
};

/** In the order of the readings. */
export const readingColumns = Object.fromEntries(
  caseReadingNames.map((name) => [snakeCase(name), columnOf(name)]),
) as ReadingColumns;
