import type { EngineInfo } from "../bench/engineInfo.ts";
import type { NamedHere } from "../fit/absentPlaces.ts";

/** What settings can name on this machine: all but the CPU, an accelerator beside it too. */
export function namedHere({ devices }: Pick<EngineInfo, "devices">): NamedHere {
  const named = devices.filter(({ type }) => type !== "cpu");
  return {
    where: "this machine",
    devices: named.map(({ name, buffer_type: buffer = name }) => ({ name, buffer })),
  };
}
