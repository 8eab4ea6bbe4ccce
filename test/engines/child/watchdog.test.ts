import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Watchdog, type Patience, type Verdict } from "../../../src/engines/child/watchdog.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const still = () => "0 0";
let moment = 0;
const busy = () => `${moment++} 0`;

class Watched {
  readonly watchdog: Watchdog;
  verdict: Verdict | null = null;
  looks = 0;

  constructor(patience: Patience, activity: () => string | null) {
    this.watchdog = new Watchdog(
      patience,
      async () => {
        this.looks += 1;
        return activity();
      },
      (verdict) => (this.verdict = verdict),
    );
  }

  async after(seconds: number): Promise<Verdict | null> {
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    return this.verdict;
  }
}

describe("the watchdog", () => {
  it("gives up who says nothing for two minutes and then does nothing for half of one", async () => {
    const child = new Watched({}, still);
    expect(await child.after(145)).toBeNull();
    expect(await child.after(10)).toMatchObject({ kind: "hung", seconds: 150 });
  });

  it("doesn't look at a child before it was silent for two minutes: looking disturbs", async () => {
    const child = new Watched({}, busy);
    await child.after(115);
    expect(child.looks).toBe(0);
    await child.after(10);
    expect(child.looks).toBeGreaterThan(0);
  });

  it("leaves who computes or reads to the user's own limit", async () => {
    const child = new Watched({ timeoutSeconds: 1800 }, busy);
    expect(await child.after(1795)).toBeNull();
    expect(await child.after(10)).toEqual({ kind: "timed out", seconds: 1800 });
  });

  it("gives up nobody who does something now and then", async () => {
    const child = new Watched({}, () => String(Math.floor(performance.now() / 25_000)));
    expect(await child.after(3600)).toBeNull();
    child.watchdog.stop();
  });

  it("leaves who can't be looked at to the user's own limit", async () => {
    const child = new Watched({ timeoutSeconds: 1800 }, () => null);
    expect(await child.after(1795)).toBeNull();
    expect(await child.after(10)).toMatchObject({ kind: "timed out" });
  });

  it.each([undefined, 0])(
    "has no limit of its own where the user sets %s",
    async (timeoutSeconds) => {
      const patience = timeoutSeconds === undefined ? {} : { timeoutSeconds };
      const child = new Watched(patience, busy);
      expect(await child.after(100_000)).toBeNull();
      child.watchdog.stop();
    },
  );

  it("keeps a short limit to the second", async () => {
    const child = new Watched({ timeoutSeconds: 2 }, still);
    expect(await child.after(1.9)).toBeNull();
    expect(await child.after(0.7)).toMatchObject({ kind: "timed out" });
  });

  it("waits ten times as long as a phase is predicted to take, and two minutes for the next again", async () => {
    const child = new Watched(
      { expectedSeconds: (phase) => (phase.kind === "fill" ? 60 : null) },
      still,
    );
    child.watchdog.heard({ kind: "fill" });
    expect(await child.after(620)).toBeNull();
    child.watchdog.heard({ kind: "repetition", number: 1 });
    expect(await child.after(145)).toBeNull();
    expect(await child.after(10)).toMatchObject({ kind: "hung" });
  });

  it("begins anew with each message", async () => {
    const child = new Watched({ timeoutSeconds: 1800 }, still);
    for (let message = 0; message < 100; message++) {
      expect(await child.after(140)).toBeNull();
      child.watchdog.heard();
    }
    child.watchdog.stop();
  });

  it("takes what the machine slept for nobody's silence", async () => {
    const child = new Watched({ timeoutSeconds: 1800 }, still);
    await child.after(100);
    // The clock goes on, the timers don't.
    const clock = vi.spyOn(performance, "now");
    clock.mockReturnValue(performance.now() + 8 * 3_600_000);
    await vi.advanceTimersToNextTimerAsync();
    clock.mockRestore();
    expect(child.verdict).toBeNull();
    child.watchdog.stop();
  });

  it("says nothing more once it was stopped", async () => {
    const child = new Watched({ timeoutSeconds: 10 }, still);
    child.watchdog.stop();
    expect(await child.after(100_000)).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});
