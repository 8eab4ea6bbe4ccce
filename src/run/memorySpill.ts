/** Whether a device's memory spilled into the host's: some drivers do that in silence, and then it is only slow. */
import { formatBytes } from "../base/bytes.ts";
import type { CaseResult, LaunchResult } from "../results/caseResult.ts";
import { bytesOn } from "../results/measuredMemory.ts";
import { warning, warningCode } from "../results/warnings.ts";

/** One sign alone has innocent causes. */
const fewestSigns = 2;

/** A driver's own share of the host's memory: a CUDA context takes some 300 MiB. */
const driverBytes = 512 * 2 ** 20;

const unifiedMemory = "GGML_CUDA_ENABLE_UNIFIED_MEMORY";

type Row = Pick<
  CaseResult,
  | "n_gpu_layers"
  | "n_layers"
  | "device_bytes_predicted"
  | "host_bytes_predicted"
  | "launch_results"
  | "buffers"
  | "warnings"
>;

/** @param askedLayers -1 for all. */
export function memorySpill(
  row: Row,
  askedLayers: number,
  environment: NodeJS.ProcessEnv = process.env,
): string[] {
  if ((row.n_gpu_layers ?? 0) === 0) return [];
  const signs = [
    overFree(row),
    grownHost(row),
    fewerLayers(row, askedLayers),
    row.warnings.some((text) => warningCode(text) === "memory_pressure") ? "memory pressure" : null,
    environment[unifiedMemory] === undefined ? null : `${unifiedMemory} is set`,
  ].filter((sign) => sign !== null);
  return signs.length < fewestSigns ? [] : [warning("memory_spill", signs.join(", "))];
}

type Memory = NonNullable<LaunchResult["memory"]>;

function seen({ launch_results: launches }: Row): Memory[] {
  return launches.flatMap(({ memory }) => memory ?? []);
}

/** Over all devices by what was predicted, on each by what llama.cpp took there. */
function overFree(row: Row): string | null {
  const { device_bytes_predicted: needed } = row;
  const started = seen(row).map(({ start }) => start.devices);
  const free = Math.min(
    ...started.map((devices) => devices.reduce((sum, one) => sum + one.free_bytes, 0)),
  );
  if (needed !== null && needed > free)
    return `${formatBytes(needed)} needed of ${formatBytes(free)} free`;
  const over = row.buffers.flatMap((buffers) => {
    const before = started.flatMap((devices) =>
      devices.filter(({ device }) => device === buffers.device),
    );
    const here = Math.min(...before.map((one) => one.free_bytes));
    const taken = bytesOn(buffers);
    return taken > here
      ? [`${formatBytes(taken)} on ${buffers.device} of ${formatBytes(here)} free`]
      : [];
  });
  return over.length === 0 ? null : over.join(" and ");
}

function grownHost(row: Row): string | null {
  const { host_bytes_predicted: predicted } = row;
  const grown = Math.max(
    ...seen(row).map(({ start, warm }) => (warm.private_bytes ?? 0) - (start.private_bytes ?? 0)),
  );
  if (predicted === null || grown <= predicted + driverBytes) return null;
  return `host memory grew by ${formatBytes(grown)}, ${formatBytes(predicted)} were predicted`;
}

function fewerLayers(
  { n_gpu_layers: placed, n_layers: layers }: Row,
  asked: number,
): string | null {
  if (placed === null || layers === null) return null;
  const wanted = asked < 0 ? layers + 1 : Math.min(asked, layers + 1);
  return placed < wanted ? `${placed} of ${wanted} layers on the device` : null;
}
