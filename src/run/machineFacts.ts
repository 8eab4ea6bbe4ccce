/** What a case was measured on: this machine, and those that lend devices to its placement. */
import { deviceListText } from "../bench/deviceList.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import { clusterName, lenderName, lenders, ownDevices } from "../bench/lentDevices.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { DeviceList } from "../bench/settings.ts";
import type { MachineFacts } from "../bench/record.ts";
import { lentTo } from "../plan/lentTo.ts";
import { offloadTargets } from "../machine/offloadDevice.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import type { RunContext } from "./runContext.ts";

export function machineFacts(
  one: Pick<BenchCase, "variant" | "settings">,
  { machine, engine, gpuBudgetOf }: RunContext,
): MachineFacts {
  const others = lentTo(one, engine);
  const used = usedDevices(one, engine);
  const lent = gpuDevices(engine).filter(({ server, name }) => server && inUse(used, name));
  const gpus = [machine.gpu_info ?? [], lent.map(({ description }) => description)].flat();
  return {
    name: clusterName(machine.name, others),
    model: machine.machine_model,
    os: machine.os,
    driver: machine.driver,
    cpu: machine.cpu_info,
    gpu: others.length === 0 ? machine.gpu_info : gpus.join(" + "),
    gpuCores: machine.gpu_cores,
    nDevices:
      engine.devices.length === 0
        ? null
        : gpuDevices(engine).filter(({ name }) => inUse(used, name)).length,
    ramBytes: machine.ram_bytes,
    gpuBudgetBytes: gpuBudgetOf(used),
    powerSource: machine.power_source,
    powerMode: machine.power_mode,
    servers: others.length === 0 ? null : others.map(lenderName).join("; "),
    // What the run measures meanwhile tells it: `measuring.ts` adds it once the case has its result.
    ramGbps: null,
    ramSource: null,
  };
}

/** Naming devices is no other machine, unless some of another's are left out. */
function usedDevices(one: Pick<BenchCase, "variant" | "settings">, engine: EngineInfo): DeviceList {
  if (lenders(engine, "auto").length === 0) return "auto";
  if (one.variant.weights.opened !== null) return one.settings.placement.devices;
  return offloadTargets(ownDevices(engine)).map(({ name }) => name);
}

/**
 * As rows tell them: what this machine takes by itself where no other lends any needs no name, though beside lent ones it
 * had to be named.
 */
export function toldDevices(named: DeviceList, engine: EngineInfo): string | null {
  if (named === "auto") return null;
  const own = ownDevices(engine);
  const byItself = offloadTargets(own).map(({ name }) => name);
  const alone = own.length < engine.devices.length && named.join() === byItself.join();
  return alone ? null : deviceListText(named);
}

function inUse(used: DeviceList, name: string): boolean {
  return used === "auto" || used.includes(name);
}
