/** Logarithmic axes between round numbers, ticked at 1, 2 and 5 of each power of ten. */
import type { Scale } from "vega";
import { textWidth } from "./textRoom.ts";

export interface LogAxis {
  readonly low: number;
  readonly high: number;
  /** Pixels from the low end to the high one. */
  readonly length: number;
}

const steps = [1, 2, 5] as const;

/** The next round number at or below; at or above. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * (steps.findLast((step) => step * power <= value * (1 + 1e-9)) ?? 1);
}
function roundUp(value: number): number {
  const down = roundDown(value);
  return down >= value * (1 - 1e-9) ? down : nextRound(down);
}
function nextRound(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const next = steps.find((step) => step * power > value * (1 + 1e-9));
  return next === undefined ? 10 * power : next * power;
}

/** An axis over the values, between round numbers; over none from 1 to 10. */
export function logAxis(values: readonly number[], length: number): LogAxis {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  if (known.length === 0) return { low: 1, high: 10, length };
  const low = roundDown(known.reduce((a, b) => Math.min(a, b)));
  const high = roundUp(known.reduce((a, b) => Math.max(a, b)));
  return { low, high: high > low ? high : nextRound(low), length };
}

/** Where a value lies, in pixels from the low end. */
export function along({ low, high, length }: LogAxis, value: number): number {
  return (Math.log(value / low) / Math.log(high / low)) * length;
}

export function logScale(name: string, { low, high }: LogAxis, range: "width" | number[]): Scale {
  return { name, type: "log", domain: [low, high], range };
}

export interface LogTicks {
  readonly values: number[];
  /** Of d3: no digits that say nothing. */
  readonly format: string;
}

/** Ticks at as many round numbers as have room. @param roomForOne pixels */
export function logTicks({ low, high, length }: LogAxis, roomForOne: number): LogTicks {
  const all: number[] = [];
  for (let value = low; value <= high * (1 + 1e-9); value = nextRound(value)) all.push(value);
  const fewer = all.filter((value) => String(Number(value.toPrecision(1))).startsWith("1"));
  const most = Math.max(2, Math.floor(length / roomForOne));
  const values = all.length <= most ? all : fewer.length > 1 ? fewer : [low, high];
  return { values: values.map((value) => Number(value.toPrecision(2))), format: "~r" };
}

/** Ticks along a narrow axis from left to right, without those whose numbers would cover the one before. */
export function ticksApart(axis: LogAxis, roomForOne: number): LogTicks {
  const { values, format } = logTicks(axis, roomForOne);
  const ends = (value: number) => {
    const [centre, half] = [along(axis, value), textWidth(String(value)) / 2];
    return { from: centre - half, to: centre + half };
  };
  let taken = -Infinity;
  const apart = values.filter((value) => {
    const { from, to } = ends(value);
    if (from < taken) return false;
    taken = to;
    return true;
  });
  return { values: apart, format };
}
