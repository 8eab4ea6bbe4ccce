/** Notices what else the machine does: said when it begins, and by each row that was measured beside it. */
import { nvidiaCards } from "../machine/nvidiaCards.ts";
import { otherLoad } from "../machine/otherLoad.ts";
import type { OnEvent } from "./events.ts";

export class LoadWatch {
  private readonly onEvent: OnEvent;
  private last: string | null = null;
  private looks = 0;

  constructor(onEvent: OnEvent) {
    this.onEvent = onEvent;
  }

  /** To be asked while no process of ours computes; null where the machine is quiet. */
  async look(): Promise<string | null> {
    // A card tells what it did in the last second: after the first launch that is our own work.
    const cards = this.looks++ === 0 ? await nvidiaCards() : [];
    const text = await otherLoad(cards);
    if (text !== null && this.last === null) this.onEvent({ type: "warning", text });
    this.last = text;
    return text;
  }
}
