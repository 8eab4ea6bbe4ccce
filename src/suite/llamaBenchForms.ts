/** What llama-bench's users type under other names than ours, as the values of our flags (parse_cmd_params, llama.cpp v0.4.0). */
import { deviceChoices } from "../bench/backends.ts";
import type { LoadMode } from "../bench/settings.ts";
import { ValueMismatch, type OtherForm } from "../flags/flag.ts";
import { onOff } from "../flags/valueKinds.ts";

const switched = onOff();

/** `--mmap 0,1`, `-dio 1`: deprecated there for `--load-mode`, and still what is pasted most. */
export function switchedLoadMode(names: readonly string[], on: LoadMode): OtherForm {
  return {
    names,
    argument: switched.argument,
    as: (text) =>
      text
        .split(",")
        .map((part, index): LoadMode => {
          const [isOn] = switched.read(part) ?? [];
          if (isOn === undefined)
            throw new ValueMismatch(
              `expected ${switched.expected}, got ${JSON.stringify(part)}`,
              index,
            );
          return isOn ? on : "none";
        })
        .join(","),
  };
}

/** `-hf user/repo:QUANT`. */
export const onHub: OtherForm = {
  names: ["hf", "hfr", "hf-repo"],
  argument: "USER/REPO[:QUANT]",
  as: (text) =>
    text
      .split(",")
      .map((part) => `hf:${part.trim()}`)
      .join(","),
};

export const noWarmup: OtherForm = { names: ["no-warmup"], argument: null, as: () => "none" };

/** It is shown unless `--quiet` is there. */
export const progress: OtherForm = { names: ["progress"], argument: null, as: () => false };

/** Accelerators whose names have no number. */
const accelerators: ReadonlySet<string> = new Set(["blas", "zendnn"]);

/** llama.cpp numbers its devices, `CUDA0`, and llama-bench joins them; a word of ours is neither. */
function namesDevices(text: string): boolean {
  return text.split(/[,/]/).some((part) => {
    const name = part.trim().toLowerCase();
    return name === "none" || /\d$/.test(name) || accelerators.has(name);
  });
}

/** Values of `--device` that are lists of devices. */
export function ofDevices(text: string): string | null {
  return namesDevices(text) ? "devices" : null;
}

/** Values of `-dev` that are backends. */
export function ofBackend(text: string): string | null {
  const word = text.trim().toLowerCase();
  return deviceChoices.some((choice) => choice === word) ? "device" : null;
}
