/** A machine that `fit` is asked about, and what the user says of it. */
import type { DeviceChoice } from "../../bench/backends.ts";
import type { OwnValues } from "../../engines/ownFlags.ts";
import type { EngineName } from "../../engines/registry.ts";
import type { HostTraits } from "../../fit/hostTraits.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import type { MemoryBudget } from "../../machine/memoryBudget.ts";
import type { SpeedModels } from "../../predict/predictSpeed.ts";

export interface FitMachine {
  readonly name: string;
  readonly budget: MemoryBudget;
  readonly host: HostTraits;
  /** Null where nothing is known of its speed. */
  readonly speed: SpeedModels | null;
  /** Asked, and worth a closer look than a description. */
  readonly probed: boolean;
}

export interface MachineQuestion {
  readonly gpuBudgetBytes: number | undefined;
  readonly device: DeviceChoice;
  /** What they name is looked for on each machine; nothing where they are absent. */
  readonly settings?: Pick<FitSettings, "devices" | "tensorOverrides">;
  /** The usual one where absent. */
  readonly engine?: EngineName | undefined;
  /** What is said with the engine's own flags. */
  readonly own?: OwnValues | undefined;
}
