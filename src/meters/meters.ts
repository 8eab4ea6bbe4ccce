/** The meters of a run, wrapped round every launch: each tells some of its readings. */
import type { Readings } from "../bench/readings.ts";
import { powerAndHeatMeter } from "./powerAndHeatMeter.ts";
import { LoadMeter } from "./loadMeter.ts";
import { memoryMeter } from "./memoryMeter.ts";
import type { Meter, StopMeter } from "./meter.ts";

type Told = Partial<Readings>;

export class Meters {
  private readonly load: LoadMeter;
  private looking: Promise<void> | null = null;
  /** Started in this order and stopped in the reverse: the last is read as near to the launch as can be. */
  private readonly meters: readonly Meter<Told>[];

  /** @param warn told where something disturbs what is measured */
  constructor(warn: (text: string) => void) {
    this.load = new LoadMeter(warn);
    this.meters = [conditions(this.load)];
  }

  /** Before anything is measured; once, however often it is asked. */
  look(): Promise<void> {
    this.looking ??= this.load.look();
    return this.looking;
  }

  async start(): Promise<StopMeter<Told>> {
    const stops: StopMeter<Told>[] = [];
    for (const meter of this.meters) stops.unshift(await meter.start());
    return async (ownMs) => {
      const told: Told = {};
      for (const stop of stops) Object.assign(told, await stop(ownMs));
      return told;
    };
  }
}

/** Power and heat, memory pressure and other load, which the journal keeps as one. */
function conditions(load: LoadMeter): Meter<Pick<Readings, "conditions">> {
  return {
    async start() {
      const stopPower = await powerAndHeatMeter.start();
      const stopMemory = await memoryMeter.start();
      // Other programs' time is counted from as near to the launch as can be, up to as near to it.
      const stopLoad = await load.start();
      return async (ownMs) => ({
        conditions: {
          ...(await stopLoad(ownMs)),
          ...(await stopMemory(ownMs)),
          ...(await stopPower(ownMs)),
        },
      });
    },
  };
}
