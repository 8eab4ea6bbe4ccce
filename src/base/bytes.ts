/** Sizes in bytes as people type and read them. */

/** KiB, MiB, GiB, TiB are powers of 1024; KB, MB, GB, TB powers of 1000 (IEC 80000-13). */
const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};

/** Bytes in `24GiB`, `24 GB`, `25769803776`; undefined for anything else, fractions of a byte rounded. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = unitBytes[(match?.[2] ?? "?").toLowerCase()];
  if (match === null || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const binarySteps = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `36.20 GiB`: powers of 1024, two decimals from KiB on. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let step = 0;
  // 1023.995 would print as 1024.00 of the smaller unit.
  while (Math.abs(value) >= 1023.995 && step < binarySteps.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${step === 0 ? Math.round(value) : value.toFixed(2)} ${binarySteps[step]}`;
}
