/** Machine and build of a record that doesn't tell them itself, by the lines around it. */
import type { Fields } from "../found.ts";
import type { Around } from "../runs.ts";
import { textOf } from "./tool.ts";

export function withSurroundings(fields: Fields, around: Around): Fields {
  const filled: Record<string, unknown> = { ...fields };
  const backends = textOf(fields["backends"]) ?? around.backends;
  if (textOf(fields["gpu_info"]) === null) filled["gpu_info"] = around.gpuInfo(backends) ?? "";
  if (textOf(fields["backends"]) === null && backends !== null) filled["backends"] = backends;
  if (textOf(fields["build_commit"]) === null && around.build !== null) {
    filled["build_commit"] = around.build.commit;
    filled["build_number"] = around.build.number;
  }
  return filled;
}
