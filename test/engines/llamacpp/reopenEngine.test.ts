import { describe, expect, it } from "vitest";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import type { LlamaInfo } from "../../../src/engines/llamacpp/llamaInfo.ts";
import type { EngineDeviceChoice } from "../../../src/engines/llamacpp/protocol.ts";
import { canReopen } from "../../../src/engines/llamacpp/reopenEngine.ts";
import { hasVulkan } from "../vulkan.ts";

async function probed(device: EngineDeviceChoice, found?: LlamaInfo): Promise<LlamaInfo> {
  const child = new LlamaChild(device, found === undefined ? {} : { found });
  try {
    return (await child.request({ type: "probe" })).value;
  } finally {
    await child.close();
  }
}

/** Free memory comes and goes. */
function lasting({ devices, ...rest }: LlamaInfo) {
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

  it.runIf(canReopen())("says which library doesn't load any more", async () => {
    const found = await probed("cpu");
    const libraries = found.libraries.map((path) => path.replace("/libllama.", "/gone/libllama."));
    await expect(probed("cpu", { ...found, libraries })).rejects.toThrow(
      /gone\/libllama\S+ loaded when the run began, and doesn't now: /u,
    );
  });

  it.runIf(canReopen())("says which devices have gone", async () => {
    const found = await probed("cpu");
    const libraries = found.libraries.map((path) => path.replace("libggml-cpu", "libggml-gone"));
    await expect(probed("cpu", { ...found, libraries })).rejects.toThrow(
      /^llama\.cpp saw CPU \(.+\) when the run began, and sees no device now/u,
    );
  });
});
