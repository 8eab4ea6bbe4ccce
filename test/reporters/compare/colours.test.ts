import { describe, expect, it } from "vitest";
import {
  darkColours,
  lightColours,
  seriesLook,
} from "../../../src/reporters/compare/drawing/theme.ts";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/**
 * What is seen without one kind of cones, of linear sRGB (Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009,
 * severity 1).
 */
const visions: Readonly<Record<string, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

function linear(colour: string): Triple {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [r, g, b];
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const through = (matrix: Matrix, colour: Triple): Triple => [
  dot(matrix[0], colour),
  dot(matrix[1], colour),
  dot(matrix[2], colour),
];

const xyz: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const white: Triple = [0.95047, 1, 1.08883];

/** CIE L*a*b* (ISO/CIE 11664-4). */
function lab(colour: Triple): Triple {
  const clipped = colour.map((part) => Math.min(1, Math.max(0, part))) as unknown as Triple;
  const [x = 0, y = 0, z = 0] = through(xyz, clipped).map((value, at) => {
    const share = value / (white[at] ?? 1);
    return share > 216 / 24_389 ? Math.cbrt(share) : ((24_389 / 27) * share + 16) / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Triple, b: Triple) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const luminance = (colour: string) => dot(xyz[1], linear(colour));

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Colours that differ by 2.3 are just noticeably different; ten times that are different at a glance. */
const atAGlance = 23;

describe.each([
  ["light", lightColours, "#ffffff"],
  ["dark", darkColours, "#15191d"],
])("colours of machines on a %s ground", (_, colours, ground) => {
  it.each(Object.entries(visions))("differ at a glance with %s vision", (__, matrix) => {
    const seen = colours.map((colour) => lab(through(matrix, linear(colour))));
    for (const [i, a] of seen.entries())
      for (const b of seen.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(atAGlance);
  });

  it("stand out against it by three to one", () => {
    for (const colour of colours) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(3);
  });
});

it("machines have a shape and a dash of their own beside their colour", () => {
  const looks = lightColours.map((_, at) => seriesLook(at));
  expect(new Set(looks.map(({ shape }) => shape)).size).toBe(looks.length);
  expect(new Set(looks.map(({ dash }) => dash.join(" "))).size).toBe(looks.length);
});
