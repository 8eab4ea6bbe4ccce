/** Devices and buffers that settings name, against those that a machine has. */
import { LlmbenchError } from "../errors.ts";
import { hostBuffer } from "./namedPlaces.ts";
import type { MemorySettings } from "./memorySettings.ts";

/** A machine's devices as far as settings can name them. */
export interface NamedHere {
  /** `this machine`, or a described one's name. */
  readonly where: string;
  /** What weights on each are kept in has a name of its own, which mostly is the device's. */
  readonly devices: readonly { readonly name: string; readonly buffer: string }[];
}

/** @throws LlmbenchError `usage` for the first name that isn't there: llama.cpp would refuse it, or die over it. */
export function refuseAbsent(
  { devices: asked, tensorOverrides }: Pick<MemorySettings, "devices" | "tensorOverrides">,
  { where, devices }: NamedHere,
): void {
  const used = asked === "auto" ? devices : devices.filter(({ name }) => asked.includes(name));
  const names = devices.map(({ name }) => name);
  const absent = asked === "auto" ? undefined : asked.find((name) => !names.includes(name));
  if (absent !== undefined) {
    const there = names.length === 0 ? "no GPU" : names.join(", ");
    throw new LlmbenchError("usage", `--devices ${absent}: ${where} has ${there}`);
  }
  const twice = asked === "auto" ? undefined : asked.find((name, at) => asked.indexOf(name) < at);
  if (twice !== undefined)
    throw new LlmbenchError("usage", `--devices ${twice}: named twice in one list; once is enough`);
  const buffers = [hostBuffer, ...used.map(({ buffer }) => buffer)];
  for (const { pattern, buffer } of tensorOverrides) {
    if (buffers.includes(buffer)) continue;
    throw new LlmbenchError(
      "usage",
      `--override-tensor ${pattern}=${buffer}: no such buffer; ${where} has ${buffers.join(", ")}`,
    );
  }
}
