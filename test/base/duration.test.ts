import { expect, it } from "vitest";
import { formatDuration } from "../../src/base/duration.ts";

it.each([
  [0, "0 s"],
  [0.4, "0 s"],
  [59.4, "59 s"],
  [59.6, "1 min"],
  [78, "1 min 18 s"],
  [3599, "59 min 59 s"],
  [3600, "1 h"],
  [3929, "1 h 5 min"],
  [7199, "2 h"],
  [-3, "0 s"],
])("%s seconds read as %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
