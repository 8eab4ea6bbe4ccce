/** What every measurement in the child goes by: clocks, rests, and when it is warm. */

export const nowNs = () => performance.now() * 1e6;

/** Processor time of all threads of this process. */
export function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Whole repetitions that warm up at most, and how near the next must come to the last to end them. */
const maxWarmups = 3;
const warmupAgreement = 0.02;

/** Whole repetitions that go before those that count. */
export class WarmUp {
  /** In ns. */
  readonly times: number[];

  /** @param times of those that went before; none asks for none */
  constructor(times: readonly number[]) {
    this.times = [...times];
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
    return Math.abs(ns - last) <= warmupAgreement * last;
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
