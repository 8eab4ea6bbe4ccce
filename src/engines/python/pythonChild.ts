/** The parent's handle of one worker in Python. */
import { packageFolder } from "../../base/packageFolder.ts";
import { join } from "node:path";
import type { DeviceChoice } from "../../bench/backends.ts";
import { RequestChild, type RequestChildOptions } from "../child/requestChild.ts";
import type { PythonCommand } from "./findPython.ts";
import type { FrameworkName } from "./frameworks.ts";
import { answerShapes, type WorkerRequest, type WorkerResults } from "./protocol.ts";

export interface WorkerProgram {
  readonly python: PythonCommand;
  readonly framework: FrameworkName;
  readonly device: DeviceChoice;
  /** The script to run; the one that comes with llmbench by default. */
  readonly script?: string;
}

export class PythonChild extends RequestChild<WorkerRequest, WorkerResults> {
  constructor(
    { python, framework, device, script }: WorkerProgram,
    { limits }: Pick<RequestChildOptions, "limits"> = {},
  ) {
    const { command, args, startsAnother } = python;
    super(
      {
        command,
        args: [...args, ...pythonFlags, script ?? workerScript(), framework, device],
        env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONIOENCODING: "utf-8" },
        pipes: "standard",
      },
      answerShapes,
      { limits, startsAnother },
    );
  }
}

/** The folder of the package may be another's: nothing is written beside the scripts. */
const pythonFlags = ["-B"];

function workerScript(): string {
  return join(packageFolder("workers"), "worker.py");
}
