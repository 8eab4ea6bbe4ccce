/** Questions before something large is done. */
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { LlmbenchError } from "../errors.ts";

export interface Question {
  /** What would be done and what it takes: `writing 36.20 GiB to /home/x takes about 3 min; 120.00 GiB are free`. */
  readonly about: string;
  /** `--yes`. */
  readonly yes: boolean;
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Whether to go on. Where there is nobody to ask, only `--yes` means yes.
 * @throws LlmbenchError `usage` where nobody can be asked.
 */
export async function confirm({
  about,
  yes,
  input = process.stdin,
  output = process.stderr,
}: Question): Promise<boolean> {
  if (yes) return true;
  if (input.isTTY !== true || output.isTTY !== true) {
    throw new LlmbenchError("usage", `${about}. There is nobody to ask here: add --yes to go on`);
  }
  const lines = createInterface({ input, output });
  // In raw mode Ctrl-C is a key; whoever listens for the signal shall hear of it.
  lines.once("SIGINT", () => {
    lines.close();
    process.emit("SIGINT", "SIGINT");
  });
  // Without this an input that ends (Ctrl-D) would leave the question open for good.
  const closed = once(lines, "close").then(() => "");
  const answer = await Promise.race([lines.question(`${about}. Go on? [y/N] `), closed]);
  lines.close();
  return /^\s*y(es)?\s*$/i.test(answer);
}
