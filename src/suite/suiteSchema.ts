/** What a suite file may say, derived from the table of flags: the long name of each flag that isn't about one invocation. */
import { z } from "zod";
import { engineNames, engines, type EngineName } from "../engines/registry.ts";
import { ValueMismatch, type Flag } from "../flags/flag.ts";
import { flagKeys, flagOf, type FlagKey } from "./flags.ts";
import { matrixFlags } from "./matrixFlags.ts";

/** Flags read their values themselves, so that a suite and a command line understand the same. */
function flagSchema(flag: Flag<unknown>) {
  return z
    .unknown()
    .meta({ description: flag.help, ...flag.json })
    .transform((value, context): unknown => {
      try {
        return flag.read(flag.list && Array.isArray(value) ? value : [value]);
      } catch (error) {
        if (!(error instanceof ValueMismatch)) throw error;
        const path = Array.isArray(value) && flag.list && value.length > 0 ? [error.index] : [];
        context.issues.push({ code: "custom", message: error.message, input: value, path });
        return z.NEVER;
      }
    })
    .optional();
}

export const suiteFlagKeys = flagKeys.filter((key) => flagOf(key).inSuite);

/** What a further engine of a suite may be told: what it measures, where, and with its own flags. All else holds for the run. */
export function entryFlagKeys(engine: EngineName): readonly FlagKey[] {
  const own = new Set([
    ...Object.keys(matrixFlags),
    "device",
    ...Object.keys(engines[engine].flags),
  ]);
  return suiteFlagKeys.filter((key) => own.has(key));
}

function schemasOf(keys: readonly FlagKey[]) {
  return Object.fromEntries(
    keys.map((key) => [flagOf(key).name, flagSchema(flagOf(key))] as const),
  );
}

/** What one of them measures, by its flags. */
const entrySchemas = Object.fromEntries(
  engineNames.map((name) => [
    name,
    z
      .strictObject(schemasOf(entryFlagKeys(name)))
      .optional()
      .meta({ description: `what ${name} measures` }),
  ]),
);

export const suiteSchema = z.strictObject({
  description: z.string().optional().meta({ description: "what the suite is for, in a line" }),
  ...schemasOf(suiteFlagKeys),
  engines: z
    .strictObject(entrySchemas)
    .optional()
    .meta({ description: "what further engines measure in the same run, each by its name" }),
});

/** For editors: completes keys and words of a suite. */
export function suiteJsonSchema(): object {
  return { title: "llmbench suite", ...z.toJSONSchema(suiteSchema, { io: "input" }) };
}
