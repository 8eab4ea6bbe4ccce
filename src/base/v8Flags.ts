/** How V8 trades memory and compiling against time, set by commands whose work its usual settings don't suit. */
import { setFlagsFromString } from "node:v8";

/** Releases of V8 that know the flags (those of Node 20 to 24); others would complain on stderr. */
const knownTo = { from: 11, to: 13 };

function setFlag(flag: string): void {
  const v8 = Number.parseInt(process.versions.v8, 10);
  if (v8 >= knownTo.from && v8 <= knownTo.to) setFlagsFromString(flag);
}

/** In bytes of code that ran; V8 asks after 67,584. */
const interruptBudget = 800_000;

/**
 * Lets functions run twelve times as long before V8 compiles them into fast code. A command that is over in two seconds spends
 * half of its processor time on that else, much of it for code that it throws away when the next model comes along; a run, which
 * waits for its children, a sixth; a report of 100,000 cases a fifteenth.
 */
export function optimizeLate(): void {
  setFlag(`--interrupt-budget=${interruptBudget}`);
}

const growingPercent = 60;

/**
 * Lets the heap grow by little between collections. Left alone V8 lets it grow fourfold, and 100,000 cases of 1.6 kB take
 * 500 MB; so they take 320, for a tenth more time.
 */
export function keepHeapTight(): void {
  setFlag(`--heap-growing-percent=${growingPercent}`);
}
