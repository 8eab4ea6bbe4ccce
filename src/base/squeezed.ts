/** Letters and digits alone, as people type names: `rtx4090`, `M3 Max`, `q4km`. */
export function squeezed(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
