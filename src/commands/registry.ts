/** Every command by its name; a module is loaded when it is needed. */
import type { Command } from "./command.ts";

export const commands = {
  run: async () => (await import("./run.ts")).run,
  fit: async () => (await import("./fit.ts")).fit,
  compare: async () => (await import("./compare.ts")).compare,
  report: async () => (await import("./report.ts")).report,
  verify: async () => (await import("./verify.ts")).verify,
  devices: async () => (await import("./devices.ts")).devices,
  models: async () => (await import("./models.ts")).models,
  machines: async () => (await import("./machines.ts")).machines,
  suites: async () => (await import("./suites.ts")).suites,
  rpc: async () => (await import("./rpc.ts")).rpc,
  pull: async () => (await import("./pull.ts")).pull,
  synth: async () => (await import("./synth.ts")).synth,
} as const satisfies Record<string, () => Promise<Command>>;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as readonly CommandName[];

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}
