import { describe, expect, it } from "vitest";
import { packageName } from "../../../scripts/bench/enginePackages.mjs";
import { loadedBackends } from "../../../scripts/bench/llamaBench.mjs";
import { inTurn } from "../../../scripts/bench/rounds.mjs";

describe("llama-bench's log", () => {
  it("names each backend once, by its file", () => {
    const log = [
      "load_backend: loaded CUDA backend from /a folder/libggml-cuda.so",
      "load_backend: loaded CPU backend from /a folder/libggml-cpu-haswell.so",
      "load_backend: loaded CPU backend from /a folder/libggml-cpu-haswell.so",
      "something else",
    ].join("\n");
    expect(loadedBackends(log)).toEqual(["libggml-cuda.so", "libggml-cpu-haswell.so"]);
  });
});

describe("an engine package's name", () => {
  it.each([
    ["cpu", "linux", "x64", "linux-x64"],
    ["cuda", "linux", "x64", "linux-x64-cuda"],
    ["cpu", "linux", "arm", "linux-armv7l"],
    ["metal", "darwin", "arm64", "mac-arm64-metal"],
    ["cpu", "darwin", "arm64", "mac-arm64-metal"],
    ["cpu", "darwin", "x64", "mac-x64"],
    ["vulkan", "win32", "x64", "win-x64-vulkan"],
  ] as const)("for %s on %s %s is %s", (device, platform, arch, name) => {
    expect(packageName(device, platform, arch)).toBe(name);
  });
});

describe("runs in turn", () => {
  it("change who goes first, so that a steady drift meets both", async () => {
    const order: string[] = [];
    const note = (name: string) => async () => {
      order.push(name);
      return order.length;
    };
    const pairs = await inTurn(3, note("a"), note("b"), () => order.push("|"));
    expect(order.join("")).toBe("|ab|ba|ab");
    expect(pairs).toHaveLength(3);
  });
});
