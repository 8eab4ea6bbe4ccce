/** What a machine that lends its devices tells of its speed to the one that measures: what it knows of itself, as JSON. */
import { z } from "zod";
import { engineBackends } from "../bench/backends.ts";
import { fromKeptRoofs, keptRoofs, toKeptRoofs } from "../predict/roofsHere.ts";
import { caseOfKeptSpeed, keptSpeedOf, keptSpeedSchema } from "../results/keptSpeeds.ts";
import type { KnownMachine } from "./hereSpeed.ts";

const toldSchema = z.object({
  name: z.string(),
  backend: z.enum(engineBackends),
  deviceCount: z.number().int().positive(),
  rows: z.array(keptSpeedSchema),
  roofs: keptRoofs,
  device: z.string().nullable(),
  nThreads: z.number().int().positive(),
});

/** The latest: an answer stays within a few packets. */
const mostRows = 40;

export function toTold({ measured, roofs, ...known }: KnownMachine): unknown {
  return {
    ...known,
    rows: measured.slice(-mostRows).map(keptSpeedOf),
    roofs: toKeptRoofs(roofs),
  } satisfies z.input<typeof toldSchema>;
}

/** Null for what another version of llmbench tells, or something else. */
export function fromTold(told: unknown): KnownMachine | null {
  const { data } = toldSchema.safeParse(told);
  if (data === undefined) return null;
  const { rows, roofs, ...known } = data;
  return { ...known, ram: null, measured: rows.map(caseOfKeptSpeed), roofs: fromKeptRoofs(roofs) };
}
