/** What every measurement in the child goes by: clocks, rests, and when it is warm. */

export const nowNs = () => performance.now() * 1e6;

/** Processor time of all threads of this process. */
export function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Whole repetitions that warm up at most. */
const maxWarmups = 3;

/** Whole repetitions that go before those that count. */
export class WarmUp {
  /** In ns. */
  readonly times: number[];
  private readonly agreement: number;

  /**
   * @param times of those that went before; none asks for none
   * @param agreement share by which the next may differ from the last and end them
   */
  constructor(times: readonly number[], agreement: number) {
    this.times = [...times];
    this.agreement = agreement;
  }

  /** Whether the machine is still cold: no repetition came near the one before, and few went before it. */
  isWarmup(ns: number): boolean {
    if (this.isSettled(ns)) return false;
    this.times.push(ns);
    return true;
  }

  private isSettled(ns: number): boolean {
    const last = this.times.at(-1);
    if (last === undefined || this.times.length >= maxWarmups) return true;
    return Math.abs(ns - last) <= this.agreement * last;
  }
}

/** Seconds between two signs of life while the machine rests. */
const restSlice = 30;

/** @param announce told before each slice */
export function rest(seconds: number, announce: () => void): void {
  for (let left = seconds; left > 0; left -= restSlice) {
    announce();
    sleep(Math.min(left, restSlice));
  }
}

/** Blocks: the child's main thread has nothing else to do, and a timer would wake the event loop. */
function sleep(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}
