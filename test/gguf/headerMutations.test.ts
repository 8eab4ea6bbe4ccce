import { expect, test } from "vitest";
import { judgeMutant } from "./headerMutations.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const folder = temporaryFolder();
const runs = Number(process.env["LLMBENCH_FUZZ_RUNS"] ?? 400);

test(`${runs} damaged headers are each read or refused in one line`, { timeout: 600_000 }, () => {
  const verdicts = Array.from({ length: runs }, (_, i) => judgeMutant(i + 1, folder));
  const refused = verdicts.filter(({ refusal }) => refusal !== null);
  expect(refused.filter(({ refusal }) => !/^[^\n]{1,400}$/.test(refusal ?? ""))).toEqual([]);
  // Damage that is never noticed would mean that nothing is checked.
  expect(refused.length).toBeGreaterThan(runs / 2);
});
