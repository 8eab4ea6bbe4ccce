import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { LoadMeter } from "../../src/meters/loadMeter.ts";

it("other load is warned about when it begins, and seen by each launch that it disturbs", async () => {
  // A tenth of all CPUs is noise.
  const busy = Array.from({ length: 1 + Math.ceil(cpus().length / 10) }, () =>
    spawn(process.execPath, ["-e", "console.log(); for (;;);"]),
  );
  await Promise.all(busy.map(({ stdout }) => once(stdout, "data")));
  try {
    const warnings: string[] = [];
    const meter = new LoadMeter((text) => warnings.push(text));
    await meter.look();
    const stop = await meter.start();
    await sleep(300);
    const { other_load: load } = await stop(0);
    expect(load?.busy_cpus).toBeGreaterThan(0.5);
    expect(warnings).toEqual([
      expect.stringMatching(/^other processes keep [\d.]+ of \d+ CPUs busy/u),
    ]);
  } finally {
    for (const child of busy) child.kill("SIGKILL");
  }
});
