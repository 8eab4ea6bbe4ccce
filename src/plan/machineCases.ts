/** Cases of the machine alone: one for each of its devices, with the settings that such a workload heeds. */
import { groupBy } from "../base/groupBy.ts";
import { deviceListText } from "../bench/deviceList.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import {
  usualContext,
  usualPlacement,
  type CaseSettings,
  type DeviceList,
  type SettingName,
} from "../bench/settings.ts";
import { isOfMachine } from "../bench/workload.ts";

const onEach = ["devices", "numa", "priority"] as const satisfies readonly SettingName[];

/** Threads are the CPU's. */
const onCpu = [
  ...onEach,
  "nThreads",
  "cpuMask",
  "cpuStrict",
  "poll",
] as const satisfies readonly SettingName[];

/** What its workload heeds; null for all of a model's. */
export function heededSettings({
  workload,
  placement,
}: CaseSettings): readonly SettingName[] | null {
  if (!isOfMachine(workload)) return null;
  return isGpu(placement.devices) ? onEach : onCpu;
}

function isGpu(devices: DeviceList): boolean {
  return devices !== "auto" && devices.length > 0;
}

/** On a GPU nothing depends on them. */
const noThreads = 1;

/** Those of all points, device by device: devices that are used by themselves, or named together, and the CPU beside them. */
export function machineCases(
  points: readonly CaseSettings[],
  engine: Pick<EngineInfo, "devices">,
): CaseSettings[] {
  const all = points
    .filter(({ workload }) => isOfMachine(workload))
    .flatMap((point) => onEachDevice(point, engine));
  return [...groupBy(all, ({ placement }) => deviceListText(placement.devices)).values()].flat();
}

function onEachDevice(
  { workload, placement, context }: CaseSettings,
  engine: Pick<EngineInfo, "devices">,
): CaseSettings[] {
  return devicesOf(placement.devices, engine).map((devices) => {
    const { numa, priority } = placement;
    const { nThreads, cpuMask, cpuStrict, poll } = context;
    const threads = isGpu(devices)
      ? { nThreads: noThreads }
      : { nThreads, cpuMask, cpuStrict, poll };
    return {
      workload,
      placement: { ...usualPlacement, devices, numa, priority },
      context: { ...usualContext, ...threads },
    };
  });
}

const theCpu: DeviceList = [];

function devicesOf(asked: DeviceList, engine: Pick<EngineInfo, "devices">): DeviceList[] {
  const gpus = gpuDevices(engine).map(({ name }) => [name]);
  if (asked !== "auto") return asked.length === 0 ? [theCpu] : asked.map((name) => [name]);
  // Where there is nothing else, nobody need name it.
  return gpus.length === 0 ? ["auto"] : [...gpus, theCpu];
}
