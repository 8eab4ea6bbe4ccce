/** What to do about a GPU that llama.cpp can't use: a closed list of causes, each with its way out. */
import type { BackendProblem } from "./gpuLibraries.ts";
import type { GraphicsCard } from "./graphicsCard.ts";
import type { Graphics } from "./graphics.ts";
import type { EngineDevice } from "../bench/engineInfo.ts";
import { isSoftwareDevice, offloadTargets } from "./offloadDevice.ts";

export interface AdviceFacts {
  readonly platform: NodeJS.Platform;
  /** The backend that computes; null where no build loads. */
  readonly backend: BackendProblem["backend"] | null;
  readonly devices: readonly EngineDevice[];
  readonly graphics: Graphics;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The way out of a problem, or null where this machine has nothing that the backend could use. */
export function wayOut(problem: BackendProblem, facts: AdviceFacts): string | null {
  switch (problem.backend) {
    case "cuda":
      return cudaWayOut(problem.message, facts);
    case "vulkan":
      return vulkanWayOut(problem.message, facts);
    case "metal":
      return "Metal needs macOS on a Mac with Apple silicon, outside a virtual machine";
    case "cpu":
      return "reinstall with `npm ci`: the package of this platform is missing or broken";
    default:
      return problem.backend satisfies never;
  }
}

/** Oldest drivers of each CUDA (NVIDIA, CUDA Compatibility, minor version compatibility). */
const oldestDriver = { cuda12: 525, cuda13: 580 } as const;

function cudaWayOut(message: string, { graphics, environment }: AdviceFacts): string | null {
  const card = graphics.cards.find(({ vendor }) => vendor === "nvidia");
  // An NVIDIA card may be hidden from a container altogether; without a trace of one there is nothing to mend.
  if (card === undefined && graphics.deviceFiles?.nvidia !== true) return null;
  const visible = environment["CUDA_VISIBLE_DEVICES"];
  if (visible === "" || visible === "-1") return "CUDA_VISIBLE_DEVICES hides every card: unset it";
  if (
    graphics.container &&
    (graphics.deviceFiles?.nvidia !== true || /libcuda\.so/.test(message))
  ) {
    return "start the container with the card: `--gpus all` and NVIDIA's Container Toolkit on the host";
  }
  if (isTooOld(message, card)) {
    return `update NVIDIA's driver${card?.driver ? ` (${card.driver})` : ""}: CUDA 12 needs ${oldestDriver.cuda12} or newer, CUDA 13 ${oldestDriver.cuda13}`;
  }
  if (/libcuda\.so|nvcuda\.dll/.test(message)) {
    return "install NVIDIA's driver: `nvidia-smi` must list the card";
  }
  if (/cudart|cublas/i.test(message)) {
    const runtime = Number.parseInt(card?.driver ?? "0", 10) >= oldestDriver.cuda13 ? "13" : "12";
    return `install the CUDA ${runtime} runtime (cudart and cublas): https://developer.nvidia.com/cuda-downloads`;
  }
  return "look whether `nvidia-smi` lists the card; if not, reinstall NVIDIA's driver or restart";
}

function isTooOld(message: string, card: GraphicsCard | undefined): boolean {
  if (/driver version is insufficient|unsupported.*driver|system has unsupported/i.test(message))
    return true;
  const major = Number.parseInt(card?.driver ?? "", 10);
  // Windows numbers its drivers otherwise (32.0.15.6094); nvidia-smi's numbers are the same everywhere.
  return /^\d{3}\.\d+/.test(card?.driver ?? "") && major < oldestDriver.cuda12;
}

function vulkanWayOut(message: string, facts: AdviceFacts): string | null {
  const { graphics, platform, backend } = facts;
  // What Vulkan lacks is no loss where CUDA or Metal computes.
  if (backend === "cuda" || backend === "metal") return null;
  const card = graphics.cards.find(({ vendor }) => vendor !== "other");
  if (platform !== "linux")
    return card === undefined ? null : "update the graphics driver: Vulkan comes with it";
  const render = graphics.deviceFiles?.render ?? "absent";
  if (card === undefined && render === "absent") return null;
  if (/libvulkan/.test(message))
    return "install the Vulkan loader: package libvulkan1 or vulkan-loader";
  if (render === "absent") {
    return graphics.container
      ? "start the container with the card: `--device /dev/dri`"
      : "load the card's kernel driver: /dev/dri has no render node";
  }
  if (render === "forbidden") {
    return "join the groups that may use the card: `sudo usermod -aG render,video $USER`, then log in again";
  }
  return "install the card's Vulkan driver: mesa-vulkan-drivers for AMD and Intel, NVIDIA's own for NVIDIA";
}

/** What a reader of numbers from these devices should know, whether or not anything failed. */
export function deviceNotes({ platform, devices, graphics, environment }: AdviceFacts): string[] {
  const targets = offloadTargets(devices);
  const notes: string[] = [];
  if (targets.some(isSoftwareDevice)) {
    notes.push(
      "a software Vulkan device computes on the CPU: it tries offload out, its speed says nothing of a GPU",
    );
  }
  if (environment["GGML_CUDA_ENABLE_UNIFIED_MEMORY"] !== undefined) {
    notes.push(
      "GGML_CUDA_ENABLE_UNIFIED_MEMORY is set: models too large for the GPU spill into main memory, slowly",
    );
  }
  if (targets.length === 0) {
    notes.push("no GPU: models run on the CPU");
    if (platform === "linux" && graphics.cards.every(({ vendor }) => vendor === "other")) {
      notes.push(
        "to try offload without a GPU: package mesa-vulkan-drivers and GGML_VK_VISIBLE_DEVICES=0 give llama.cpp a software Vulkan device",
      );
    }
  }
  return notes;
}
