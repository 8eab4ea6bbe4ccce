/** The parent's handle of one llama.cpp child process. */
import { compiledFile } from "../../base/compiledFile.ts";
import { nodeProgram } from "../../base/lineChild.ts";
import { RequestChild } from "../child/requestChild.ts";
import type { HangLimits } from "../child/watchdog.ts";
import { childEnvironment } from "./childEnvironment.ts";
import { answerShapes } from "./childMessage.ts";
import type { ChildRequest, ChildResults, EngineDeviceChoice } from "./protocol.ts";
import type { FoundEngine } from "./reopenEngine.ts";
import type { ServerList } from "./rpc/serverList.ts";

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The program to run; `child.ts` compiled by default. */
  readonly file?: string;
  readonly limits?: HangLimits;
  /** By an earlier child for the same device: so this one need not look for it. */
  readonly found?: FoundEngine;
  /** Other machines whose devices take part. */
  readonly servers?: ServerList | undefined;
  /** Whether those do anything: while they compute, the child waits. */
  readonly serversActivity?: (() => Promise<string>) | undefined;
}

export class LlamaChild extends RequestChild<ChildRequest, ChildResults> {
  constructor(
    device: EngineDeviceChoice,
    { env, file, limits, found, servers, serversActivity }: ChildOptions = {},
  ) {
    super(
      nodeProgram(
        file ?? compiledFile(import.meta.url, "./child.js"),
        [device, found === undefined ? "null" : toArgument(found), JSON.stringify(servers ?? null)],
        childEnvironment(env ?? process.env),
      ),
      answerShapes,
      { limits, activityElsewhere: serversActivity },
    );
  }
}

function toArgument({ backend, engine_version, libraries, devices }: FoundEngine): string {
  const named = devices.map(({ name, description }) => ({ name, description }));
  return JSON.stringify({ backend, engine_version, libraries, devices: named });
}
