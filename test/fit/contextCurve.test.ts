import { array, assert, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { ContextCurve } from "../../src/fit/contextCurve.ts";

/** Bytes of one device and of the host, as straight lines that rise from their contexts on. */
function bytesOf(lines: readonly { readonly from: number; readonly slope: number }[]) {
  return (nCtx: number) => {
    const rise = lines.reduce(
      (sum, { from, slope }) => sum + slope * Math.max(0, nCtx - from),
      300_000_000,
    );
    return { devices: [rise], host: 1024 * nCtx };
  };
}

const contexts = integer({ min: 1, max: 512 }).map((steps) => steps * 256);

it("lays out every context that must be right", () => {
  const truth = bytesOf([{ from: 40_960, slope: 6000 }]);
  const curve = new ContextCurve(truth);
  assert(
    property(contexts, contexts, (near, right) => {
      curve.near(near);
      expect(curve.at(right)).toEqual(truth(right));
    }),
  );
});

it("lays out few contexts where sizes rise in a line", () => {
  let laidOut = 0;
  const truth = bytesOf([{ from: 0, slope: 2048 }]);
  const curve = new ContextCurve((nCtx) => {
    laidOut += 1;
    return truth(nCtx);
  });
  for (const nCtx of [4096, 131_072, 77_824, 512 * 100, 9984]) {
    expect(curve.near(nCtx)).toEqual(truth(nCtx));
  }
  expect(laidOut).toBe(3);
});

it("is off by a few percent at most, wherever lines bend upwards", () => {
  const line = integer({ min: 0, max: 131_072 }).chain((from) =>
    integer({ min: 0, max: 20_000 }).map((slope) => ({ from, slope })),
  );
  assert(
    property(array(line, { maxLength: 3 }), array(contexts, { minLength: 1 }), (lines, asked) => {
      const truth = bytesOf(lines);
      const curve = new ContextCurve(truth);
      for (const nCtx of asked) {
        const [bytes = 0] = curve.near(nCtx).devices;
        const [right = 0] = truth(nCtx).devices;
        expect(Math.abs(bytes - right)).toBeLessThanOrEqual(0.03 * right);
      }
    }),
    { numRuns: 500 },
  );
});
