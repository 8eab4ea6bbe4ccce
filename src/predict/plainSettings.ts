import type { SettingFacts } from "../bench/record.ts";

/** Whether a case's speed is that of its layers' places alone, which is what predictions are made of. */
export function isPlain({
  noKvOffload,
  nCpuMoe,
  devices,
  tensorOverrides,
  others,
}: SettingFacts): boolean {
  return (
    noKvOffload !== true &&
    (nCpuMoe ?? 0) === 0 &&
    devices === null &&
    tensorOverrides === null &&
    Object.keys(others).length === 0
  );
}
