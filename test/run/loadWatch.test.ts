import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { LoadWatch } from "../../src/run/loadWatch.ts";

it("other load is warned about when it begins, and seen by each launch that it disturbs", async () => {
  // A tenth of all CPUs is noise.
  const busy = Array.from({ length: 1 + Math.ceil(cpus().length / 10) }, () =>
    spawn(process.execPath, ["-e", "console.log(); for (;;);"]),
  );
  await Promise.all(busy.map(({ stdout }) => once(stdout, "data")));
  try {
    const events: RunEvent[] = [];
    const load = new LoadWatch((event) => events.push(event));
    await load.look();
    const loadSince = load.watch();
    await sleep(300);
    const { busy_cpus } = await loadSince(0);
    expect(busy_cpus).toBeGreaterThan(0.5);
    expect(events).toEqual([
      {
        type: "warning",
        text: expect.stringMatching(/^other processes keep [\d.]+ of \d+ CPUs busy/u) as string,
      },
    ]);
  } finally {
    for (const child of busy) child.kill("SIGKILL");
  }
});
