/** Models of one shape: other weights, the same work, so their speeds stand for each other. */

const twins: readonly (readonly string[])[] = [
  ["llama-1-7b", "llama-2-7b"],
  ["llama-1-13b", "llama-2-13b"],
  ["llama-3-8b", "llama-3.1-8b"],
  ["llama-3-70b", "llama-3.1-70b", "llama-3.3-70b"],
];

/** The name that models of this shape are known by together. */
export function shapeName(model: string): string {
  return twins.find((group) => group.includes(model))?.[0] ?? model;
}

export function twinsOf(model: string): readonly string[] {
  return twins.find((group) => group.includes(model))?.filter((name) => name !== model) ?? [];
}
