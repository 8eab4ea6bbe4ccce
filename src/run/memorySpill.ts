/** Whether a device's memory spilled into the host's: some drivers do that in silence, and then it is only slow. */
import { formatBytes } from "../base/bytes.ts";
import { bytesOn } from "../bench/bufferTotals.ts";
import { isTimed } from "../bench/launch.ts";
import type { MemoryOverTime } from "../bench/memoryUse.ts";
import type { MeasuredRecord } from "../bench/record.ts";
import { warning, warnsOf, type Warning } from "../bench/warnings.ts";

/** One sign alone has innocent causes. */
const fewestSigns = 2;

/** A driver's own share of the host's memory: a CUDA context takes some 300 MiB. */
const driverBytes = 512 * 2 ** 20;

const unifiedMemory = "GGML_CUDA_ENABLE_UNIFIED_MEMORY";

/** As far as this looks. */
interface Case extends Pick<MeasuredRecord, "launches" | "buffers" | "warnings"> {
  readonly model: Pick<MeasuredRecord["model"], "nLayers">;
  readonly settings: Pick<MeasuredRecord["settings"], "gpuLayers">;
  readonly memory: Pick<MeasuredRecord["memory"], "devicePredicted" | "hostPredicted">;
}

/** @param askedLayers -1 for all. */
export function memorySpill(
  one: Case,
  askedLayers: number,
  environment: NodeJS.ProcessEnv = process.env,
): Warning[] {
  if ((one.settings.gpuLayers ?? 0) === 0) return [];
  const signs = [
    overFree(one),
    grownHost(one),
    fewerLayers(one, askedLayers),
    warnsOf(one, "memory_pressure") ? "memory pressure" : null,
    environment[unifiedMemory] === undefined ? null : `${unifiedMemory} is set`,
  ].filter((sign) => sign !== null);
  return signs.length < fewestSigns ? [] : [warning("memory_spill", signs.join(", "))];
}

function seen({ launches }: Case): MemoryOverTime[] {
  return launches.filter(isTimed).flatMap(({ readings }) => readings.memory ?? []);
}

/** Over all devices by what was predicted, on each by what llama.cpp took there. */
function overFree(one: Case): string | null {
  const { devicePredicted: needed } = one.memory;
  const started = seen(one).map(({ start }) => start.devices);
  const free = Math.min(
    ...started.map((devices) => devices.reduce((sum, device) => sum + device.free_bytes, 0)),
  );
  if (needed !== null && needed > free)
    return `${formatBytes(needed)} needed of ${formatBytes(free)} free`;
  const over = one.buffers.flatMap((buffers) => {
    const before = started.flatMap((devices) =>
      devices.filter(({ device }) => device === buffers.device),
    );
    const here = Math.min(...before.map((device) => device.free_bytes));
    const taken = bytesOn(buffers);
    return taken > here
      ? [`${formatBytes(taken)} on ${buffers.device} of ${formatBytes(here)} free`]
      : [];
  });
  return over.length === 0 ? null : over.join(" and ");
}

function grownHost(one: Case): string | null {
  const { hostPredicted: predicted } = one.memory;
  const grown = Math.max(
    ...seen(one).map(({ start, warm }) => (warm.private_bytes ?? 0) - (start.private_bytes ?? 0)),
  );
  if (predicted === null || grown <= predicted + driverBytes) return null;
  return `host memory grew by ${formatBytes(grown)}, ${formatBytes(predicted)} were predicted`;
}

function fewerLayers({ settings, model }: Case, asked: number): string | null {
  const { gpuLayers: placed } = settings;
  const { nLayers: layers } = model;
  if (placed === null || layers === null) return null;
  const wanted = asked < 0 ? layers + 1 : Math.min(asked, layers + 1);
  return placed < wanted ? `${placed} of ${wanted} layers on the device` : null;
}
