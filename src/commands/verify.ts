import { readBundle } from "../reporters/bundle/readBundle.ts";
import { verifyBundle } from "../reporters/bundle/verifyBundle.ts";
import type { Check } from "../reporters/bundle/verifyBundle.ts";
import { plain } from "../reporters/format.ts";
import { runFlags } from "../suite/runFlags.ts";
import { defineCommand } from "./command.ts";

/** More of one kind nobody reads. */
const mostShown = 20;

export const verify = defineCommand({
  help: "Recompute every number in a bundle from its raw samples, and say what holds",
  flags: { verbose: runFlags.verbose },
  positionals: {
    name: "FILE",
    help: "what report --bundle wrote",
    min: 1,
    max: Infinity,
  },
  examples: [["verify mac.zip rtx.zip", "exit code 0: all holds, 1: something doesn't"]],
  async run(_given, paths) {
    let holds = true;
    for (const path of paths) {
      const checks = await verifyBundle(await readBundle(path));
      console.log(`${path}\n${checks.map(describe).join("\n")}`);
      holds &&= checks.every(({ against }) => against.length === 0);
    }
    return holds ? 0 : 1;
  },
});

function describe({ claim, against }: Check): string {
  if (against.length === 0) return `  holds: ${plain(claim)}`;
  const shown = against.slice(0, mostShown).map((text) => `    ${plain(text)}`);
  const left = against.length - shown.length;
  const more = left > 0 ? [`    and ${left} more`] : [];
  return [`  does not hold: ${plain(claim)}`, ...shown, ...more].join("\n");
}
