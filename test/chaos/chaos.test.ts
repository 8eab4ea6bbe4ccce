import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const chaos = fileURLToPath(new URL("../../scripts/chaos.mjs", import.meta.url));

/** `npm run chaos` dies two hundred deaths. */
const deaths = 3;

// What Windows has for signals ends a process in one way only, and ps is not there.
it.skipIf(process.platform === "win32")(
  "whoever dies at whatever moment, nothing is lost, nothing stands twice, and a resume completes the run",
  () => {
    const flags = ["--kills", String(deaths), "--seed", "7"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [chaos, ...flags], {
      encoding: "utf8",
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^3 deaths .*: nothing lost, nothing twice, no process left behind$/mu);
  },
);
