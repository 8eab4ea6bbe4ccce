import { formatBytes } from "../base/bytes.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { findMachines, loadMachines } from "../machine/machineCatalogue.ts";
import { toggle } from "../flags/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { inColumns, type TextColumn } from "../base/columns.ts";
import { tableWidth } from "../ui/terminal.ts";
import { defineCommand } from "./command.ts";

export const machines = defineCommand({
  help: "List the machines that llmbench knows by their specifications",
  flags: {
    json: toggle({ name: "json", help: "print JSON, with the source of each figure" }),
    verbose: runFlags.verbose,
  },
  positionals: {
    name: "MACHINE",
    help: "ids, aliases, or YAML files of your own: lists these alone",
    min: 0,
    max: Infinity,
  },
  examples: [
    ["machines", "all of them"],
    ["machines m3-max-40c-64gb 2x-rtx-4090-24gb", "two of them"],
    ["machines 3x-rtx-3090-24gb rtx-4090-24gb-rtx-3090-24gb", "boxes of these cards"],
    ["machines strix-halo-rocm rtx-4090-24gb-vulkan", "under another backend than the usual one"],
    ["machines my-box.yaml --json", "how llmbench understands a description of yours"],
  ],
  async run({ json }, names) {
    const listed = names.length === 0 ? loadMachines() : names.flatMap(findMachines);
    console.log(json === true ? JSON.stringify(listed, null, 2) : machineTable(listed));
    return 0;
  },
});

const columns: readonly TextColumn[] = [
  { heading: "machine" },
  { heading: "also", spare: 2 },
  { heading: "backend", spare: 1 },
  { heading: "GPU memory", align: "right", spare: 0 },
  { heading: "usable", align: "right" },
  { heading: "bandwidth", align: "right" },
  { heading: "RAM", align: "right" },
  { heading: "name", spare: 3 },
];

function machineTable(listed: readonly DescribedMachine[]): string {
  return inColumns(
    columns,
    listed.map((machine) => [
      machine.id,
      machine.aliases.join(", "),
      machine.backend,
      ofEach(machine, machine.unified ? "shared" : formatBytes(machine.gpu.memoryBytes)),
      ofEach(machine, formatBytes(machine.gpu.usableBytes)),
      ofEach(machine, `${Math.round(machine.gpu.bandwidthBytesPerSecond / 1e9)} GB/s`),
      formatBytes(machine.ram.bytes),
      machine.name,
    ]),
    tableWidth(),
  );
}

function ofEach({ gpu: { count } }: DescribedMachine, text: string): string {
  return count > 1 ? `${count} × ${text}` : text;
}
