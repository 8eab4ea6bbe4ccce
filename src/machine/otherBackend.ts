/** A described machine under another of its GPU's backends: `ryzen-ai-max-395-128gb-rocm`, `rtx-4090-24gb-vulkan`. */
import type { DescribedBackend } from "../bench/backends.ts";
import { LlmbenchError } from "../errors.ts";
import type { DescribedMachine } from "./describedMachine.ts";

/** Of a GPU's maker, those that llama.cpp has for it and rows are published of. */
const backendsOfMakers: readonly (readonly [
  maker: RegExp,
  backends: readonly DescribedBackend[],
])[] = [
  [/\bnvidia\b/i, ["cuda", "vulkan"]],
  [/\bamd\b/i, ["vulkan", "rocm"]],
  [/\bintel\b/i, ["vulkan"]],
  [/\bapple\b/i, ["metal"]],
];

const ending = /^(.+)-(vulkan|rocm|cuda|metal)$/;

export interface NamedBackend {
  /** The name of the machine itself. */
  readonly name: string;
  readonly backend: DescribedBackend;
}

/** Null for a name that ends with no backend's. */
export function backendInName(name: string): NamedBackend | null {
  const [, own, backend] = ending.exec(name) ?? [];
  return own === undefined ? null : { name: own, backend: backend as DescribedBackend };
}

/**
 * The same box, whose name then ends with the backend where that isn't the described one.
 *
 * @throws LlmbenchError (`usage`) for a backend that the machine's GPUs don't have
 */
export function underBackend(
  machine: DescribedMachine,
  backend: DescribedBackend,
): DescribedMachine {
  if (backend === machine.backend) return machine;
  if (!hasBackend(machine, backend)) {
    const known = backendsOf(machine);
    const others = known.length === 0 ? machine.backend : known.join(" and ");
    throw new LlmbenchError(
      "usage",
      `machine ${machine.id}-${backend}: ${machine.gpu.name} computes with ${others}`,
    );
  }
  const name = (one: string) => `${one}-${backend}`;
  return {
    ...machine,
    id: name(machine.id),
    aliases: machine.aliases.map(name),
    name: `${machine.name}, ${backend}`,
    backend,
  };
}

export function hasBackend(machine: DescribedMachine, backend: DescribedBackend): boolean {
  return backend === machine.backend || backendsOf(machine).includes(backend);
}

/** Those that all of its cards have. */
function backendsOf({ gpus }: DescribedMachine): readonly DescribedBackend[] {
  const each = gpus.map(
    ({ name }) => backendsOfMakers.find(([maker]) => maker.test(name))?.[1] ?? [],
  );
  return (each[0] ?? []).filter((backend) => each.every((own) => own.includes(backend)));
}
