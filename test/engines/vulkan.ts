/** The software Vulkan device (Debian's mesa-vulkan-drivers): real offload without a GPU. */
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";

// llama.cpp passes over software devices unless they are named.
process.env["GGML_VK_VISIBLE_DEVICES"] ??= "0";

const required = (process.env["LLMBENCH_REQUIRE"] ?? "").split(",").includes("vulkan");

async function lookForVulkan(): Promise<boolean> {
  const child = new LlamaChild("vulkan");
  try {
    await child.request({ type: "probe" });
    return true;
  } catch (error) {
    if (required) throw error;
    process.stderr.write(
      "skipped: tests of GPU offload need a Vulkan device (on Debian: apt-get install mesa-vulkan-drivers)\n",
    );
    return false;
  } finally {
    await child.close();
  }
}

export const hasVulkan = await lookForVulkan();
