/** Every reporter by the name that `-o` takes. */
import { csv, json, jsonl } from "./data.ts";
import { html } from "./html/html.ts";
import { markdown } from "./markdown.ts";
import type { Reporter } from "./reporter.ts";
import { sql } from "./sql.ts";
import { table } from "./table.ts";

export const reportFormats = ["table", "csv", "json", "jsonl", "md", "sql", "html"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const reporters = {
  table,
  csv,
  json,
  jsonl,
  md: markdown,
  sql,
  html,
} as const satisfies Record<ReportFormat, Reporter>;
