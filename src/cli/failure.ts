/** What a failed command says, and the code it exits with. */
import { printable } from "../base/printable.ts";
import { LlmbenchError } from "../errors.ts";

export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

/** llmbench could not do what it was asked for; a case that failed is 1, and no error but a result. */
const couldNotRun = 2;

/** What the file system says when the user's own disk, path or rights are the cause (errno(3)). */
const mendable = new Set([
  "EACCES",
  "EDQUOT",
  "EISDIR",
  "EMFILE",
  "ENOENT",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

function isMendable(error: Error): boolean {
  return mendable.has((error as NodeJS.ErrnoException).code ?? "");
}

/** Its message may hold what stood in a file. */
export function failureOf(error: unknown, verbose: boolean): Failure {
  const { message, exitCode } = failureInWords(error, verbose);
  return { message: printable(message), exitCode };
}

function failureInWords(error: unknown, verbose: boolean): Failure {
  if (!(error instanceof Error)) return bug(String(error), undefined);
  const stack = verbose ? error.stack : undefined;
  if (error instanceof LlmbenchError) {
    return { message: stack ?? error.message, exitCode: error.exitCode };
  }
  if (isMendable(error)) return { message: stack ?? error.message, exitCode: couldNotRun };
  return bug(error.message, stack);
}

/** Nothing that llmbench foresaw: said as such, never swallowed. */
function bug(message: string, stack: string | undefined): Failure {
  const way = stack ?? "Run it again with --verbose for the stack, and report it please";
  return { message: `${message}\nThis is a bug in llmbench. ${way}`, exitCode: couldNotRun };
}
