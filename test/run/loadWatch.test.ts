import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { LoadWatch } from "../../src/run/loadWatch.ts";

it("other load is warned about when it begins, and told to each launch that it disturbs", async () => {
  // A tenth of all CPUs is noise.
  const busy = Array.from({ length: 1 + Math.ceil(cpus().length / 10) }, () =>
    spawn(process.execPath, ["-e", "console.log(); for (;;);"]),
  );
  await Promise.all(busy.map(({ stdout }) => once(stdout, "data")));
  try {
    const events: RunEvent[] = [];
    const load = new LoadWatch((event) => events.push(event));
    const [first, second] = [await load.look(), await load.look()];
    expect(first).toMatch(/other processes keep [\d.]+ of \d+ CPUs busy/u);
    expect(second).toMatch(/other processes keep/u);
    expect(events).toEqual([{ type: "warning", text: first }]);
  } finally {
    for (const child of busy) child.kill("SIGKILL");
  }
});
