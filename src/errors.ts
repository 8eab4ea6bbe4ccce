/**
 * The one error class of llmbench, and the table of its codes.
 *
 * A message says cause, place and way out in one or two lines; `cli.ts` prints it without a stack.
 */

/** Every kind of failure that llmbench states by itself, with the exit code it leads to. */
export const errorCodes = {
  /** Unknown flag, command or value; flags that contradict each other. */
  usage: 2,
  /** A suite, model or machine file that is missing, malformed or says something impossible. */
  config: 2,
  /** A file named by the user that can't be read, or isn't what it should be. */
  input: 2,
  /** A place where nothing can be written: no permission, no space, a directory in use. */
  output: 2,
  /** A device, library or engine build that this machine doesn't have. */
  engine: 2,
  /** A server that can't be reached, refuses, or sends something else than it states. */
  network: 2,
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class LlmbenchError extends Error {
  override readonly name = "LlmbenchError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): number {
    return errorCodes[this.code];
  }
}
