/** Did the machine sleep meanwhile? A clock that goes on while it sleeps parts then from one that stands still. */
import koffi from "koffi";

/** How far the two may part: beyond what a clock is set by in its course. */
const partedNs = 100e6;

/** Each in ns, from a moment of its own. */
export interface Clocks {
  /** Goes on while the machine sleeps. */
  readonly wallNs: () => number;
  /** Stands still while the machine sleeps. */
  readonly awakeNs: () => number;
}

/** Does `work`; says whether the machine slept, or its wall clock was set, meanwhile. */
export function watchSleep<Result>(
  { wallNs, awakeNs }: Clocks,
  work: () => Result,
): { readonly result: Result; readonly slept: boolean } {
  const before = wallNs() - awakeNs();
  const result = work();
  return { result, slept: Math.abs(wallNs() - awakeNs() - before) > partedNs };
}

const wallNs = () => Date.now() * 1e6;
const monotonicNs = () => Number(process.hrtime.bigint());

/**
 * Linux's monotonic clock stands still in suspend. Node's own counts on through it on macOS (libuv takes
 * mach_continuous_time) and on Windows (QueryPerformanceCounter), so there the system is asked for another.
 */
export function systemClocks(platform: NodeJS.Platform = process.platform): Clocks {
  const awake = { darwin: macAwakeNs, win32: windowsAwakeNs }[platform as string];
  return { wallNs, awakeNs: awake === undefined ? monotonicNs : whereFound(awake) };
}

/** A measurement is worth more than knowing that it was slept through. */
function whereFound(find: () => () => number): () => number {
  try {
    return find();
  } catch {
    return monotonicNs;
  }
}

/** koffi's, beyond 2^53 a bigint. */
type Uint64 = number | bigint;

/** CLOCK_UPTIME_RAW of <time.h>. */
const macUptimeRaw = 8;

function macAwakeNs(): () => number {
  const library = koffi.load("/usr/lib/libSystem.B.dylib");
  const read = library.func("uint64_t clock_gettime_nsec_np(int clock)") as unknown as (
    clock: number,
  ) => Uint64;
  return () => Number(read(macUptimeRaw));
}

/** Counts in 100 ns. */
function windowsAwakeNs(): () => number {
  const library = koffi.load("kernel32.dll");
  const read = library.func(
    "int __stdcall QueryUnbiasedInterruptTime(_Out_ uint64_t *time)",
  ) as unknown as (time: [Uint64]) => number;
  return () => {
    const time: [Uint64] = [0];
    read(time);
    return Number(time[0]) * 100;
  };
}
