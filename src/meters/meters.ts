/** The meters of a run, wrapped round every launch: their readings together are its conditions. */
import type { Conditions } from "../bench/conditions.ts";
import { conditionsMeter } from "./conditionsMeter.ts";
import { LoadMeter } from "./loadMeter.ts";
import { memoryMeter } from "./memoryMeter.ts";
import type { StopMeter } from "./meter.ts";

export class Meters {
  private readonly load: LoadMeter;

  /** @param warn told where something disturbs what is measured */
  constructor(warn: (text: string) => void) {
    this.load = new LoadMeter(warn);
  }

  /** Once, before anything is measured. */
  look(): Promise<void> {
    return this.load.look();
  }

  async start(): Promise<StopMeter<Conditions>> {
    const conditions = await conditionsMeter.start();
    const memory = await memoryMeter.start();
    // Other programs' time is counted from as near to the launch as can be, up to as near to it.
    const load = await this.load.start();
    return async (ownMs) => ({
      ...(await load(ownMs)),
      ...(await memory(ownMs)),
      ...(await conditions(ownMs)),
    });
  }
}
