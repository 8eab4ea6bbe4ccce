/** The parent's handle of one llama.cpp child process. */
import { compiledFile } from "../../base/compiledFile.ts";
import { nodeProgram } from "../../base/lineChild.ts";
import { RequestChild } from "../child/requestChild.ts";
import type { HangLimits } from "../child/watchdog.ts";
import { answerShapes } from "./childMessage.ts";
import type { ChildRequest, ChildResults, EngineDeviceChoice } from "./protocol.ts";
import type { FoundEngine } from "./reopenEngine.ts";

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The program to run; `child.ts` compiled by default. */
  readonly file?: string;
  readonly limits?: HangLimits;
  /** By an earlier child for the same device: so this one need not look for it. */
  readonly found?: FoundEngine;
}

export class LlamaChild extends RequestChild<ChildRequest, ChildResults> {
  constructor(device: EngineDeviceChoice, { env, file, limits, found }: ChildOptions = {}) {
    super(
      nodeProgram(
        file ?? compiledFile(import.meta.url, "./child.js"),
        [device, ...(found === undefined ? [] : [toArgument(found)])],
        childEnvironment(env ?? process.env),
      ),
      answerShapes,
      { limits },
    );
  }
}

function toArgument({ backend, engine_version, libraries, devices }: FoundEngine): string {
  const named = devices.map(({ name, description }) => ({ name, description }));
  return JSON.stringify({ backend, engine_version, libraries, devices: named });
}

/** Settings of node-llama-cpp must not choose another build than we did; a crash should not start a debugger. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("NODE_LLAMA_CPP_"));
  return { ...Object.fromEntries(kept), GGML_NO_BACKTRACE: "1" };
}
