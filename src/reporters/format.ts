/** Numbers as people read them, in llama-bench's forms where it has one. */
import { formatBytes } from "../base/bytes.ts";

/** `66.31`: tokens per second. */
export function formatSpeed(tokensPerSecond: number): string {
  return tokensPerSecond.toFixed(2);
}

/** `66.31 ± 0.31`: mean and sample standard deviation; one sample has no ±. */
export function formatSpeedWithSpread(mean: number, sd: number | null): string {
  return sd === null ? formatSpeed(mean) : `${formatSpeed(mean)} ± ${formatSpeed(sd)}`;
}

/** `1230`, `41.2`, `0.0512`: three digits, which is what a measurement is worth, or all before the point. */
export function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** `41.2 ± 0.31`: the spread to the digits of the mean. */
export function formatWithSpread(mean: number, sd: number | null): string {
  const shown = threeDigits(mean);
  const decimals = /\.(\d+)/.exec(shown)?.[1]?.length ?? 0;
  return sd === null ? shown : `${shown} ± ${sd.toFixed(decimals)}`;
}

/** `3.56 GiB`, below one GiB `606.53 MiB`. */
export function formatSize(bytes: number): string {
  return formatBytes(bytes);
}

/** `6.74 B`, below a thousand million `124.44 M`. */
export function formatParameters(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;
}

/** `14.9`, `1.24`, `0.124`: as many digits as times of single tokens are known to. */
export function formatMilliseconds(ms: number): string {
  const digits = ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3;
  return ms.toFixed(digits);
}

/**
 * Text from a file, on one line and without what a terminal would obey: control characters become a space, and those
 * that hide or reverse text (Unicode's format characters) go.
 */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/\p{Cf}/gu, "")
    .trim();
}

/** The lower end of an interval of speeds for readers: in files of earlier versions it may lie below 0, where no speed is. */
export function shownLow(low: number): number {
  return Math.max(0, low);
}
