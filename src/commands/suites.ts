import { toggle } from "../flags/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { wrapped } from "../base/wrap.ts";
import { terminalWidth } from "../ui/terminal.ts";
import { listSuites, suiteSheet } from "../usecases/suiteList.ts";
import { defineCommand } from "./command.ts";

/** What doesn't fit a machine isn't measured there, so that these are the most that it can be. */
const aside =
  "What doesn't fit a machine takes neither time nor disk there; --suite NAME --dry-run says what would.";

export const suites = defineCommand({
  help: "List the suites that come with llmbench: what each measures, how long, how much disk",
  flags: {
    json: toggle({ name: "json", help: "print JSON" }),
    verbose: runFlags.verbose,
  },
  examples: [
    ["suites", "all of them"],
    ["run --suite headline --dry-run", "what one would do on this machine"],
  ],
  async run({ json }) {
    const listed = await listSuites();
    const text =
      json === true
        ? JSON.stringify(listed, null, 2)
        : wrapped([...listed.map(suiteSheet), aside].join("\n\n"), terminalWidth());
    console.log(text);
    return 0;
  },
});
