// @ts-check
// What the scripts' command lines have in common: strict flags, help, failures in a line.
import { parseArgs } from "node:util";
import { LlmbenchError } from "../../dist/index.js";
import { failureOf } from "../../dist/maintenance.js";

/** @typedef {NonNullable<import("node:util").ParseArgsConfig["options"]>} Options */

/**
 * Reads the flags, or prints the help and ends.
 *
 * @template {Options} Flags
 * @param {Flags} options
 * @param {string} help
 */
export function readFlags(options, help) {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(help.trim());
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [cause] = error.message.split(". ");
    throw new LlmbenchError("usage", `${cause}; see --help`, { cause: error });
  }
}

/**
 * @param {string} flag
 * @param {string | undefined} text
 * @param {number} initial
 * @param {number} [least]
 */
export function wholeNumber(flag, text, initial, least = 1) {
  if (text === undefined) return initial;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new LlmbenchError(
    "usage",
    `--${flag}: expected a whole number from ${least}, got "${text}"`,
  );
}

/**
 * @param {string} flag
 * @param {string | undefined} text
 * @param {number} initial
 */
export function share(flag, text, initial) {
  if (text === undefined) return initial;
  const value = Number(text);
  if (text !== "" && value >= 0 && value < 1) return value;
  throw new LlmbenchError("usage", `--${flag}: expected a share from 0 to 1, got "${text}"`);
}

/**
 * Runs a script's main line; what the user can mend is said in a line, without a stack.
 *
 * @param {string} name
 * @param {() => Promise<number>} run answers the exit code
 */
export async function script(name, run) {
  try {
    process.exitCode = await run();
  } catch (error) {
    const { message, exitCode } = failureOf(error, !(error instanceof LlmbenchError));
    console.error(`${name}: ${message}`);
    process.exitCode = exitCode;
  }
}
