/** Notices what else the machine does: said when it begins, and by each launch that was measured beside it. */
import type { Conditions, Load } from "../bench/conditions.ts";
import { nvidiaCards } from "../machine/nvidiaCards.ts";
import { loadText, loadWarning, otherLoad, watchLoad } from "../machine/otherLoad.ts";
import type { Meter, StopMeter } from "./meter.ts";

export type OtherLoad = Pick<Conditions, "other_load">;

export class LoadMeter implements Meter<OtherLoad> {
  private readonly warn: (text: string) => void;
  private busyGpus: readonly string[] = [];
  private isQuiet = true;

  /** @param warn told once for each time that the machine becomes busy */
  constructor(warn: (text: string) => void) {
    this.warn = warn;
  }

  /** Before anything is measured: later, what a card tells of its last second is our own work. */
  async look(): Promise<void> {
    const load = await otherLoad(await nvidiaCards());
    this.busyGpus = load.busy_gpus;
    await this.tell(load);
  }

  async start(): Promise<StopMeter<OtherLoad>> {
    const loadSince = watchLoad(this.busyGpus);
    return async (ownMs) => {
      // What nobody tells apart from our own work is no other load.
      if (ownMs === null) return { other_load: null };
      const load = loadSince(ownMs);
      await this.tell(load);
      return { other_load: load };
    };
  }

  private async tell(load: Load): Promise<void> {
    const wasQuiet = this.isQuiet;
    this.isQuiet = loadText(load) === null;
    const text = wasQuiet ? await loadWarning(load) : null;
    if (text !== null) this.warn(text);
  }
}
