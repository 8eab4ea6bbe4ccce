/** An engine of a run that isn't here: it says why, and opens nothing. */
import type { EngineInfo } from "../bench/engineInfo.ts";
import { EngineError, type Engine } from "./engine.ts";
import { engineRow } from "./registry.ts";

const skipped = { status: "skipped", code: "engine_missing" } as const;

/** @param why with the way out */
export function missingEngine(name: string, why: string): Engine {
  const { opens, takes, runs, asLlamaBench } = engineRow(name);
  const facts: EngineInfo = {
    engine: name,
    engine_version: null,
    build_commit: null,
    build_number: null,
    package: null,
    backend: null,
    devices: [],
    system_info: null,
    libraries: [],
    missing: why,
  };
  return {
    traits: { opens, takes, runs, asLlamaBench },
    facts,
    async open() {
      throw new EngineError(skipped, why, []);
    },
    async close() {},
  };
}
