/** A machine's name where its owner gave none: `<chip or GPU>-<GiB>gb` in kebab case. */
import { soldMemoryGib } from "./memorySize.ts";
import type { EngineDevice } from "../bench/engineInfo.ts";
import { isSoftwareDevice, offloadTargets } from "./offloadDevice.ts";

/** Words that the rest of a name says already: makers, brands, form factors, memory kinds. */
const emptyWords =
  /\b(?:nvidia|amd|ati|intel|apple|qualcomm|geforce|radeon(?= rx)|graphics|corporation|gpu|cpu|processor|generation|\d+th gen|edition|workstation|hbm\d\w?|\d+-cores?|\d+\s*gi?b)\b/g;

/**
 * `rtx-4090` of `NVIDIA GeForce RTX 4090`, `rx-7900-xtx` of `AMD Radeon RX 7900 XTX (RADV NAVI31)`,
 * `core-i9-14900k` of `Intel(R) Core(TM) i9-14900K`. Parentheses hold trade marks and drivers; clock rates and the
 * graphics beside a CPU are not its name.
 */
export function chipName(description: string): string {
  const words = description
    .toLowerCase()
    .replaceAll(/\([^)]*\)|[®™]/g, " ")
    .replace(/\s@.*$/, "")
    .replace(/\bw\/.*$/, "")
    .replaceAll(/\s+/g, " ");
  return kebab(words.replaceAll(emptyWords, " ")) || kebab(words);
}

function kebab(text: string): string {
  return text.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
}

/** The facts that tell a machine's name. */
export interface NameFacts {
  readonly cpu: string;
  readonly ramBytes: number;
  /** As llama.cpp lists them, or as the system does. */
  readonly gpus: readonly EngineDevice[];
  /** Apple's GPU-core count. */
  readonly gpuCores: number | null;
}

/**
 * The GPU's name and memory where a GPU computes; the chip's and the RAM where memory is unified or there is no GPU.
 * Several GPUs of one kind: `2x-rtx-4090-24gb`; of several kinds: `rtx-5090-32gb-rtx-3090-24gb`.
 */
export function machineName({ cpu, ramBytes, gpus, gpuCores }: NameFacts): string {
  const ram = `${soldMemoryGib(ramBytes)}gb`;
  const chip = chipName(cpu) || "cpu";
  if (/^apple m\d/i.test(cpu))
    return [chip, gpuCores === null ? "" : `${gpuCores}c`, ram].filter(Boolean).join("-");
  const computing = offloadTargets(gpus.filter((gpu) => !isSoftwareDevice(gpu)));
  const [first] = computing;
  if (first === undefined) return `${chip}-${ram}`;
  // A chip with unified memory is known by the CPU's name, but for NVIDIA's, whose CPU cores have none of their own.
  if (first.type === "igpu") {
    return /nvidia/i.test(first.description)
      ? `${chipName(first.description)}-${ram}`
      : `${chip}-${ram}`;
  }
  const counts = new Map<string, number>();
  for (const gpu of computing) {
    const name = `${chipName(gpu.description)}-${soldMemoryGib(gpu.total_bytes)}gb`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${count}x-${name}` : name)).join("-");
}
