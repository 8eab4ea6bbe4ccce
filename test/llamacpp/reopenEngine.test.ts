import { describe, expect, it } from "vitest";
import type { EngineInfo } from "../../src/llamacpp/engineInfo.ts";
import { LlamaChild } from "../../src/llamacpp/llamaChild.ts";
import type { EngineDeviceChoice } from "../../src/llamacpp/protocol.ts";
import { canReopen } from "../../src/llamacpp/reopenEngine.ts";
import { hasVulkan } from "../engines/vulkan.ts";

async function probed(device: EngineDeviceChoice, found?: EngineInfo): Promise<EngineInfo> {
  const child = new LlamaChild(device, found === undefined ? {} : { found });
  try {
    return (await child.request({ type: "probe" })).value;
  } finally {
    await child.close();
  }
}

/** Free memory comes and goes. */
function lasting({ devices, ...rest }: EngineInfo) {
  return { ...rest, devices: devices.map(({ name, description }) => ({ name, description })) };
}

describe("a child that is told what another found", () => {
  it.each(["cpu", "auto", ...(hasVulkan ? (["vulkan"] as const) : [])] as const)(
    "loads the same build and sees the same devices: %s",
    async (device) => {
      const found = await probed(device);
      expect(lasting(await probed(device, found))).toEqual(lasting(found));
    },
  );

  it.runIf(canReopen())("says which file doesn't load any more", async () => {
    const found = await probed("cpu");
    const libraries = found.libraries.map((path) => path.replace("libggml-cpu", "libggml-gone"));
    await expect(probed("cpu", { ...found, libraries })).rejects.toThrow(
      /doesn't now: .*libggml-gone.* is not a backend of this llama\.cpp/u,
    );
  });
});
