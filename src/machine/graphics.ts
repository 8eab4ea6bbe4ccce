/** Graphics cards as the system sees them, whether or not llama.cpp can use them. */
import { accessSync, constants, existsSync } from "node:fs";
import si, { type Systeminformation } from "systeminformation";
import { systemNames } from "../base/systemFile.ts";
import type { GraphicsCard } from "./graphicsCard.ts";
import { nvidiaCards } from "./nvidiaCards.ts";
import type { EngineDevice } from "../bench/engineInfo.ts";

const mib = 2 ** 20;

/** Linux' device files of GPUs that compute, `/dev/dri/renderD128` and on: there and usable, there for others, or not there. */
type RenderNode = "usable" | "forbidden" | "absent";

export interface Graphics {
  readonly cards: readonly GraphicsCard[];
  readonly appleGpuCores: number | null;
  /** Device files that GPU libraries open on Linux; null on other systems, which have none. */
  readonly deviceFiles: {
    readonly nvidia: boolean;
    readonly render: RenderNode;
  } | null;
  readonly container: boolean;
}

export const noGraphics: Graphics = {
  cards: [],
  appleGpuCores: null,
  deviceFiles: null,
  container: false,
};

/**
 * systeminformation starts lspci, nvidia-smi and clinfo (Linux), system_profiler (macOS) or PowerShell (Windows) for
 * this: the slowest of all questions to a machine, and the only one that knows drivers and Apple's GPU cores.
 */
export async function probeGraphics(): Promise<Graphics> {
  const { controllers } = await si.graphics();
  const listed = controllers.map(toCard);
  const linux = process.platform === "linux";
  const hasDriver = listed.some(({ vendor, driver }) => vendor === "nvidia" && driver !== null);
  return {
    cards: linux && !hasDriver ? withNvidiaDriver(listed, await nvidiaCards()) : listed,
    appleGpuCores: appleGpuCores(controllers),
    deviceFiles: linux
      ? { nvidia: existsSync("/dev/nvidiactl") || existsSync("/dev/dxg"), render: renderNode() }
      : null,
    container: linux && inContainer(),
  };
}

export function toCard(controller: Systeminformation.GraphicsControllerData): GraphicsCard {
  const name = (controller.name ?? "") || controller.model;
  const memoryMib = controller.memoryTotal ?? controller.vram;
  return {
    vendor: vendorOf(`${controller.vendor} ${name}`),
    name,
    memoryBytes: memoryMib === null || memoryMib === 0 ? null : memoryMib * mib,
    driver: controller.driverVersion ?? null,
    busyPercent: controller.utilizationGpu ?? null,
  };
}

function vendorOf(text: string): GraphicsCard["vendor"] {
  if (/nvidia/i.test(text)) return "nvidia";
  if (/apple/i.test(text)) return "apple";
  if (/\b(?:amd|ati|radeon|advanced micro devices)\b/i.test(text)) return "amd";
  return /intel/i.test(text) ? "intel" : "other";
}

function appleGpuCores(
  controllers: readonly Systeminformation.GraphicsControllerData[],
): number | null {
  // system_profiler's number arrives as text, whatever the type says.
  const cores = controllers
    .map(({ cores: count }) => Number.parseInt(String(count ?? 0), 10))
    .find((count) => count > 0);
  return cores ?? null;
}

/** nvidia-smi's cards stand in place of the same cards as lspci lists them, without a driver. */
function withNvidiaDriver(
  listed: readonly GraphicsCard[],
  nvidia: readonly GraphicsCard[],
): GraphicsCard[] {
  return nvidia.length === 0
    ? [...listed]
    : [...nvidia, ...listed.filter(({ vendor }) => vendor !== "nvidia")];
}

function renderNode(): RenderNode {
  const nodes = renderNodes();
  if (nodes.length === 0) return "absent";
  return nodes.some(canOpen) ? "usable" : "forbidden";
}

function renderNodes(): string[] {
  const folder = "/dev/dri";
  return systemNames(folder).flatMap((name) =>
    name.startsWith("renderD") ? [`${folder}/${name}`] : [],
  );
}

function canOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function inContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}

/** Cards as llama.cpp would list them, where it hasn't been asked: those large enough to compute on. */
export function asDevices(cards: readonly GraphicsCard[]): EngineDevice[] {
  return cards
    .filter(
      ({ vendor, memoryBytes }) =>
        vendor !== "other" && vendor !== "apple" && (memoryBytes ?? 0) >= 3 * 2 ** 30,
    )
    .map(({ name, memoryBytes }) => ({
      name,
      description: name,
      type: "gpu",
      free_bytes: memoryBytes ?? 0,
      total_bytes: memoryBytes ?? 0,
    }));
}
