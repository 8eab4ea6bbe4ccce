/** What a suite file may say, derived from the table of flags: the long name of each flag that isn't about one invocation. */
import { z } from "zod";
import { ValueMismatch, type Flag } from "../flags/flag.ts";
import { flagKeys, flagOf } from "./flags.ts";

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

export const suiteSchema = z.strictObject({
  description: z.string().optional().meta({ description: "what the suite is for, in a line" }),
  ...Object.fromEntries(
    suiteFlagKeys.map((key) => [flagOf(key).name, flagSchema(flagOf(key))] as const),
  ),
});

/** For editors: completes keys and words of a suite. */
export function suiteJsonSchema(): object {
  return { title: "llmbench suite", ...z.toJSONSchema(suiteSchema, { io: "input" }) };
}
