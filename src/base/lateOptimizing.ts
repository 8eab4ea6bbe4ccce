import { setFlagsFromString } from "node:v8";

/** Releases of V8 that know the flag (those of Node 20 to 24); others would complain on stderr. */
const knownTo = { from: 11, to: 13 };

/** In bytes of code that ran; V8 asks after 67,584. */
const budget = 800_000;

/**
 * Lets functions run twelve times as long before V8 compiles them into fast code. A command that is over in two seconds spends
 * half of its processor time on that else, much of it for code that it throws away when the next model comes along.
 */
export function optimizeLate(): void {
  const v8 = Number.parseInt(process.versions.v8, 10);
  if (v8 < knownTo.from || v8 > knownTo.to) return;
  setFlagsFromString(`--interrupt-budget=${budget}`);
}
