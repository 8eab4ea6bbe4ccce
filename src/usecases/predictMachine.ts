/** A compared machine, as it is predicted with models that it didn't run: by its description, and by its own rows. */
import { engineBackendOf } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { Machine } from "../compare/machines.ts";
import { appleHost, plainHost } from "../fit/hostTraits.ts";
import { describedBudget, type DescribedMachine } from "../machine/describedMachine.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import { backendInName, hasBackend, underBackend } from "../machine/otherBackend.ts";
import { memoryBudget, totalGpuBudget, type MemoryBudget } from "../machine/memoryBudget.ts";
import { highestMetalLimitBytes, isStockLimit } from "../machine/metalLimit.ts";
import { unknownDatasheet } from "../predict/datasheet.ts";
import type { PredictedMachine } from "../predict/families/predictedMachine.ts";
import { describedSource, speedModels } from "../predict/predictSpeed.ts";
import { publishedResults } from "../predict/publishedResults.ts";
import type { SpeedSource } from "../predict/speedSource.ts";

/** Null where neither a description nor its rows tell its memory and how fast it writes. */
export function predictMachine(machine: Machine): PredictedMachine | null {
  const described = descriptionOf(machine);
  const budgetAt = budgetsOf(machine, described);
  const speed = speedModels(sourceOf(machine, described));
  if (budgetAt === null || speed.decode === null) return null;
  return {
    budget: budgetAt(machine.gpuBudgetBytes),
    raisedBudget: raisedOf(machine, budgetAt),
    host: machine.backend === "metal" ? appleHost() : plainHost,
    speed,
  };
}

/** Results call a machine as its description does, or by one of its other names, perhaps with another backend's behind it. */
export function descriptionOf({ cases: [first] }: Machine): DescribedMachine | null {
  const label = first?.machine.name ?? "";
  const named = backendInName(label);
  const name = named?.name ?? label;
  const own = loadMachines().find(({ id, aliases }) => id === name || aliases.includes(name));
  if (own === undefined) return null;
  return named !== null && hasBackend(own, named.backend) ? underBackend(own, named.backend) : own;
}

/** With so many bytes for all devices together; null for what they have by themselves. */
type BudgetAt = (gpuBudgetBytes: number | null) => MemoryBudget;

function budgetsOf(machine: Machine, described: DescribedMachine | null): BudgetAt | null {
  if (described !== null) {
    const own = describedBudget(described);
    const devices = Math.max(1, own.devices.length);
    return (bytes) =>
      bytes === null || isNearly(bytes, totalGpuBudget(own))
        ? own
        : describedBudget(described, bytes / devices);
  }
  const { backend, ramBytes, gpuBudgetBytes } = machine;
  if (backend === "cpu" ? ramBytes === null : gpuBudgetBytes === null) return null;
  return (bytes) => budgetOf(machine, bytes ?? 0);
}

/** A budget is told in bytes of one system's counting or another's. */
function isNearly(bytes: number, other: number | null): boolean {
  return other !== null && Math.abs(bytes / other - 1) < 0.02;
}

/** Of a machine that nobody describes; without its RAM nothing is left for layers on the host. */
function budgetOf({ label, backend, nDevices, ramBytes }: Machine, bytes: number): MemoryBudget {
  const metal = backend === "metal";
  const count = backend === "cpu" ? 0 : metal ? 1 : (nDevices ?? 1);
  const ram = ramBytes ?? (metal ? bytes : 0);
  return memoryBudget({
    ramBytes: ram,
    ramAvailableBytes: ram,
    metal,
    devices: Array.from({ length: count }, (_, i) => ({
      name: `${label} ${i}`,
      description: label,
      memory: metal ? ("host" as const) : ("own" as const),
      usableBytes: bytes / count,
    })),
  });
}

function raisedOf(
  { backend, ramBytes, gpuBudgetBytes }: Machine,
  budgetAt: BudgetAt,
): MemoryBudget | null {
  if (backend !== "metal" || ramBytes === null || gpuBudgetBytes === null) return null;
  const highest = highestMetalLimitBytes(ramBytes);
  return isStockLimit(gpuBudgetBytes, ramBytes) && highest > gpuBudgetBytes
    ? budgetAt(highest)
    : null;
}

/** The machine's own rows beside those that are published of its like; published ones aren't its own. */
function sourceOf(machine: Machine, described: DescribedMachine | null): SpeedSource {
  // Before rows tell better, other GPU backends are expected to do as Vulkan does.
  const backend = engineBackendOf(machine.backend) ?? "vulkan";
  if (described !== null) {
    const measured = machine.cases.filter((record) => !isPublished(record));
    return { ...describedSource({ ...described, backend }, publishedResults()), measured };
  }
  const datasheet = unknownDatasheet(backend, machine.nDevices ?? 1);
  return { datasheet, measured: machine.cases, published: [] };
}

let published: ReadonlySet<string> | undefined;

function isPublished(record: CaseRecord): boolean {
  published ??= new Set(publishedResults().map(nameOf));
  return published.has(nameOf(record));
}

function nameOf({ runId, id, machine }: CaseRecord): string {
  return `${runId} ${machine.name} ${id}`;
}
