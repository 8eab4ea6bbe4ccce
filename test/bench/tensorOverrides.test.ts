import { describe, expect, it } from "vitest";
import {
  overrideOf,
  readTensorOverrides,
  tensorOverridesText,
} from "../../src/bench/tensorOverrides.ts";

const placeOf = (name: string, text: string) =>
  overrideOf(name, readTensorOverrides(text) ?? [])?.buffer ?? null;

describe("tensors that are placed by name", () => {
  it.each(["none", "exps=CPU", String.raw`blk\.(1|2)\.ffn_=CPU;output=CUDA1`])(
    "are written as they were read: %s",
    (text) => {
      expect(tensorOverridesText(readTensorOverrides(text) ?? [])).toBe(text);
    },
  );

  it("go where the first pattern says that their name holds anywhere", () => {
    const text = String.raw`blk\.1\..*=CUDA0;ffn_=CPU`;
    expect(placeOf("blk.1.ffn_up.weight", text)).toBe("CUDA0");
    expect(placeOf("blk.10.ffn_up.weight", text)).toBe("CPU");
    expect(placeOf("output.weight", text)).toBeNull();
  });

  it("take POSIX's classes, as std::regex does", () => {
    const text = String.raw`blk\.[[:digit:]]{2}\.=CPU`;
    expect(placeOf("blk.12.attn_q.weight", text)).toBe("CPU");
    expect(placeOf("blk.1.attn_q.weight", text)).toBeNull();
  });
});
