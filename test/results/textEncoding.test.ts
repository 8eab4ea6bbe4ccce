import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, utf8Chunks } from "../../src/results/textEncoding.ts";
import { encoded, encodingNames } from "./encodings.ts";

const text = "model,t/s\r\n7b,11992.70 ± 91.22\r\nüß🦙,\uFEFF\r\n";

describe.each(encodingNames)("%s", (name) => {
  it("is read as its text, without the mark", () => {
    expect(decodeText(encoded(text, name))).toBe(text);
  });

  it("is the same text in chunks, wherever they end", () => {
    const bytes = encoded(text, name);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3, max: 9 }), { minLength: 1 }), (sizes) => {
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(Buffer.concat([...utf8Chunks(chunks)]).toString()).toBe(text);
      }),
      { numRuns: 100, seed: 16 },
    );
  });
});

it("nothing is read as nothing", () => {
  expect(decodeText(Buffer.alloc(0))).toBe("");
  expect([...utf8Chunks([])]).toEqual([]);
});

it("half a letter at the end is kept as one that can't be read", () => {
  const cut = encoded("ab", "UTF-16 LE, as PowerShell 5.1 writes it").subarray(0, -1);
  expect(Buffer.concat([...utf8Chunks([cut])]).toString()).toBe("a\uFFFD");
});
