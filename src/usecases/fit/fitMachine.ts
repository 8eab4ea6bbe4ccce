/** A machine that `fit` is asked about, and what the user says of it. */
import type { DeviceChoice } from "../../bench/backends.ts";
import type { RamSource } from "../../bench/ramBandwidth.ts";
import type { OwnValues } from "../../engines/ownFlags.ts";
import type { EngineName } from "../../engines/registry.ts";
import type { HostTraits } from "../../fit/hostTraits.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import type { DescribedMachine } from "../../machine/describedMachine.ts";
import type { DescribedLink } from "../../machine/link.ts";
import type { MemoryBudget } from "../../machine/memoryBudget.ts";
import type { ClusterMachine } from "../../predict/clusterSpeed.ts";
import type { SpeedModels } from "../../predict/predictSpeed.ts";

export interface FitMachine {
  readonly name: string;
  readonly budget: MemoryBudget;
  readonly host: HostTraits;
  /** Null where nothing is known of its speed, and of several machines. */
  readonly speed: SpeedModels | null;
  /** Of several machines that measure together. */
  readonly cluster?: Cluster;
  /** What layers on its CPU are read from; null of several machines. */
  readonly ram: FitRam | null;
  /** Asked, and worth a closer look than a description. */
  readonly probed: boolean;
}

/** How fast a machine's RAM is taken to be. */
export interface FitRam {
  /** 10^9 bytes a second. */
  readonly gbps: number;
  readonly source: RamSource | "assumed";
  /** In a few words, for people. */
  readonly words: string;
}

/** The machines of a cluster. */
export interface Cluster {
  /** Each with its own speed and the way to it. */
  readonly machines: readonly ClusterMachine[];
  /** Of machines that are there already nobody asks what more of them would do. */
  readonly described: DescribedCluster | null;
}

export interface DescribedCluster {
  /** In the order in which they were named: the first measures. */
  readonly machines: readonly [DescribedMachine, ...DescribedMachine[]];
  readonly link: DescribedLink;
}

/** What is said of the machines that are asked about; what is absent is left to them. */
export interface MachineQuestion {
  /** Device memory that may be used on each machine, in bytes; all of it where absent. */
  readonly gpuBudgetBytes?: number | undefined;
  /** What computes on this machine. */
  readonly device?: DeviceChoice | undefined;
  /** What the user says of the machines' RAM, in 10^9 bytes a second. */
  readonly ramGbps?: number | undefined;
  /** What they name is looked for on each machine; nothing where they are absent. */
  readonly settings?: Pick<FitSettings, "devices" | "tensorOverrides">;
  /** Between machines that are named together, `m3-ultra+m3-ultra`. */
  readonly link?: DescribedLink | undefined;
  /** What is asked about this machine and about files; the usual one where absent. */
  readonly engine?: EngineName | undefined;
  /** What is said with the engine's own flags. */
  readonly own?: OwnValues | undefined;
}
