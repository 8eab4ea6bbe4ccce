/** Kinds of value that only llama-bench's own settings have, read as llama-bench reads them (llama.cpp v0.4.0). */
import { readDeviceList } from "../bench/deviceList.ts";
import { priorities, type DeviceList, type Priority } from "../bench/settings.ts";
import { readTensorOverrides, type TensorOverride } from "../bench/tensorOverrides.ts";
import type { ValueKind } from "../flags/valueKinds.ts";

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

/** Several devices are one value, `CUDA0/CUDA1`; a comma stands between values. */
export function deviceLists(): ValueKind<DeviceList> {
  return {
    expected: "names of devices such as CUDA0/CUDA1, none or auto",
    argument: "NAME/NAME",
    commaSeparates: true,
    json: { type: "string", minLength: 1 },
    read(value) {
      const devices = readDeviceList(textOf(value));
      return devices === undefined ? undefined : [devices];
    },
  };
}

/** Several places are one value, `a=CPU;b=CPU`; a comma stands between values, and an empty one overrides nothing. */
export function tensorOverrides(): ValueKind<readonly TensorOverride[]> {
  return {
    expected:
      "PATTERN=BUFFER, a regular expression of tensor names and where they go, several joined with a semicolon, or none (a comma begins another case)",
    argument: "PATTERN=BUFFER",
    commaSeparates: true,
    json: { type: "string" },
    read(value) {
      if (typeof value !== "string") return undefined;
      const overrides = readTensorOverrides(value);
      return overrides === undefined ? undefined : [overrides];
    },
  };
}

/** ggml's mask has a bit for each of 512 threads (`parse_cpu_mask`, common/common.cpp; GGML_MAX_N_THREADS, ggml.h). */
const maskDigits = 128;

/** Zeros in front and a capital letter change nothing: the same mask is one value. */
export function cpuMask(): ValueKind<string> {
  return {
    expected: `a mask of processors in hexadecimal, up to ${maskDigits} digits, such as "0xff" (in a suite in quotes)`,
    argument: "HEX",
    commaSeparates: true,
    json: { type: "string", pattern: "^\\s*(0x)?[0-9a-fA-F]+\\s*$" },
    read(value) {
      const digits = /^(?:0x)?([\da-f]+)$/i.exec(
        typeof value === "string" ? value.trim() : "",
      )?.[1];
      if (digits === undefined || digits.length > maskDigits) return undefined;
      return [`0x${digits.toLowerCase().replace(/^0+(?=.)/, "")}`];
    },
  };
}

export function priority(): ValueKind<Priority> {
  return {
    expected: `one of ${priorities.join(", ")}, from low to real time`,
    argument: "N",
    commaSeparates: true,
    json: { enum: [...priorities] },
    read(value) {
      const known = priorities.find((one) => String(one) === textOf(value));
      return known === undefined ? undefined : [known];
    },
  };
}
