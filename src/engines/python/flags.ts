/** The flags of engines that run in Python. */
import { scalar, toggle } from "../../flags/flag.ts";
import { file } from "../../flags/valueKinds.ts";

export const pythonFlags = {
  python: scalar(file(), null, {
    name: "python",
    help: "torch, mlx: the Python to run (default: the active environment's, else through uv)",
  }),
  compile: toggle({
    name: "compile",
    help: "torch, mlx: compile the training step (torch.compile, mx.compile)",
  }),
} as const;

/** As a run asks, and as a journal keeps it. */
export interface PythonAsk {
  readonly python: string | null;
  readonly compile: boolean;
}
