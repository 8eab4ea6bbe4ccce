// @ts-check
// `npm run chaos`: kills runs and their children at random moments, and looks whether anything is lost.
import { randomSource } from "./random.mjs";
import { Processes } from "./chaos/processes.mjs";
import { Sweep } from "./chaos/sweep.mjs";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";

const help = `
chaos: kills llmbench, or its child, at random moments of a sweep of twelve cases, and resumes it, until as many deaths
were died as asked for. After each death: the journal is whole, every finished case is kept, none stands twice, no process
is left behind; now and then the journal's last line is torn. In the end each sweep is complete.

  npm run chaos -- [flags]

  --kills N   deaths [200]
  --seed N    which moments and victims [1]

Exit code 1 with the first thing that doesn't hold.
`;

await script("chaos", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags({ kills: text, seed: text }, help);
  const kills = wholeNumber("kills", flags.kills, 200);
  const random = randomSource(wholeNumber("seed", flags.seed, 1, 0));
  const tally = { parents: 0, children: 0, tears: 0, sweeps: 0, cases: 0, goneMs: 0 };
  const processes = new Processes();
  const deaths = () => tally.parents + tally.children;
  const said = () =>
    `${deaths()} deaths (${tally.parents} of llmbench, ${tally.children} of its child), ${tally.tears} torn lines, ` +
    `${tally.sweeps} sweeps complete, ${tally.cases} cases, the last process gone after ${(tally.goneMs / 1000).toFixed(1)} s at most`;
  try {
    while (deaths() < kills) {
      await new Sweep(random, processes, tally).run(kills - deaths());
      console.error(said());
    }
  } catch (error) {
    console.error(`chaos: after ${said()}: ${/** @type {Error} */ (error).message}`);
    return 1;
  }
  console.log(`${said()}: nothing lost, nothing twice, no process left behind`);
  return 0;
});
