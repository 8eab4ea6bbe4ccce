// @ts-check
// `npm run chaos:pull`: pulls files through the faults of bad networks and servers, and looks at what is on the disk.
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { pullThrough, troubles } from "./chaos/pulls.mjs";
import { randomSource } from "./random.mjs";

const help = `
chaos:pull: pulls files from a server of its own that drops connections, ends answers early, corrupts a byte, changes the
file midway, crawls, is busy or down, gives no parts, gives other parts than were asked for; and interrupts pulls. Each
pull ends in a verified file, or in an error with which the next attempt goes on; never is a wrong file under the final
name, and what is there is not downloaded again.

  npm run chaos:pull -- [flags]

  --pulls N   pulls [100]
  --seed N    which faults and moments [1]

Exit code 1 with the first thing that doesn't hold.
`;

await script("chaos:pull", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags({ pulls: text, seed: text }, help);
  const pulls = wholeNumber("pulls", flags.pulls, 100);
  const random = randomSource(wholeNumber("seed", flags.seed, 1, 0));
  /** @type {Map<string, { pulls: number, attempts: number, resumed: number }>} */
  const tally = new Map();
  for (let pull = 0; pull < pulls; pull++) {
    const trouble = troubles[pull % troubles.length] ?? "all";
    try {
      const { attempts, resumed } = await pullThrough(trouble, random);
      const sum = tally.get(trouble) ?? { pulls: 0, attempts: 0, resumed: 0 };
      tally.set(trouble, {
        pulls: sum.pulls + 1,
        attempts: sum.attempts + attempts,
        resumed: sum.resumed + Number(resumed),
      });
    } catch (error) {
      const { message, cause } = /** @type {Error} */ (error);
      console.error(`chaos:pull: pull ${pull + 1}, ${trouble}: ${message}`, cause ?? "");
      return 1;
    }
  }
  for (const [trouble, sum] of tally) {
    console.error(
      `${trouble}: ${sum.pulls} pulls, ${sum.attempts} attempts, ${sum.resumed} went on`,
    );
  }
  console.log(
    `${pulls} pulls, each a verified file in the end, and never a wrong one under its name`,
  );
  return 0;
});
