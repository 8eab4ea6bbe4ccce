/** Notices what else the machine does: said when it begins, and by each row that was measured beside it. */
import type { Load } from "../bench/conditions.ts";
import { nvidiaCards } from "../machine/nvidiaCards.ts";
import { loadText, loadWarning, otherLoad, watchLoad } from "../machine/otherLoad.ts";
import type { OnEvent } from "./events.ts";

export class LoadWatch {
  private readonly onEvent: OnEvent;
  private busyGpus: readonly string[] = [];
  private isQuiet = true;

  constructor(onEvent: OnEvent) {
    this.onEvent = onEvent;
  }

  /** Before anything is measured: later, what a card tells of its last second is our own work. */
  async look(): Promise<void> {
    const load = await otherLoad(await nvidiaCards());
    this.busyGpus = load.busy_gpus;
    await this.tell(load);
  }

  /** From now on; the answer is to be told how much processor time the measurement itself took, in ms. */
  watch(): (ownMs: number) => Promise<Load> {
    const loadSince = watchLoad(this.busyGpus);
    return async (ownMs) => {
      const load = loadSince(ownMs);
      await this.tell(load);
      return load;
    };
  }

  private async tell(load: Load): Promise<void> {
    const wasQuiet = this.isQuiet;
    this.isQuiet = loadText(load) === null;
    const text = wasQuiet ? await loadWarning(load) : null;
    if (text !== null) this.onEvent({ type: "warning", text });
  }
}
