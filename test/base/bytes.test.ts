import { expect, it } from "vitest";
import { formatBytes, parseBytes } from "../../src/base/bytes.ts";

it.each([
  ["0", 0],
  ["1024", 1024],
  ["1KiB", 1024],
  ["1 kb", 1000],
  ["24GiB", 25_769_803_776],
  ["24GB", 24_000_000_000],
  ["1.5MiB", 1_572_864],
  ["38654MB", 38_654_000_000],
  ["1TiB", 2 ** 40],
])("%s is %i bytes", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it.each(["", "GiB", "1G", "-1", "1e9", "0x10", "1 2", "99999999TiB", "1.GiB"])(
  "%j is no size",
  (text) => {
    expect(parseBytes(text)).toBeUndefined();
  },
);

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.00 KiB"],
  [2 ** 20 - 1, "1.00 MiB"],
  [38_870_000_000, "36.20 GiB"],
])("%i bytes read as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
