/** Linux' device files of GPUs that compute: `/dev/dri/renderD128` and on. */
import { accessSync, constants, readdirSync } from "node:fs";

/** There and usable, there for others, or not there. */
export type RenderNode = "usable" | "forbidden" | "absent";

export function renderNode(): RenderNode {
  const nodes = renderNodes();
  if (nodes.length === 0) return "absent";
  return nodes.some(canOpen) ? "usable" : "forbidden";
}

function renderNodes(): string[] {
  try {
    return readdirSync("/dev/dri")
      .filter((name) => name.startsWith("renderD"))
      .map((name) => `/dev/dri/${name}`);
  } catch {
    return [];
  }
}

function canOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
