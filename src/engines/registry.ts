/** Every engine by its name. */
import { LlmbenchError } from "../errors.ts";
import type { Engine, EngineAsk, EngineRow } from "./engine.ts";
import { llamaCpp } from "./llamacpp/row.ts";
import { mlx } from "./mlx/row.ts";
import { torch } from "./torch/row.ts";

export { usualPort as lendingPort } from "./llamacpp/rpc/endpoints.ts";
export {
  listeningHost as lendingHost,
  privateNet as lendingPeers,
} from "./llamacpp/rpc/allowedNets.ts";

export const engines = {
  "llama.cpp": llamaCpp,
  torch,
  mlx,
} as const satisfies Record<string, EngineRow>;

export type EngineName = keyof typeof engines;

export const engineNames = Object.keys(engines) as readonly EngineName[];

/** The engine of a run that names none. */
export const usualEngine: EngineName = "llama.cpp";

type FlagsOf<Row> = Row extends EngineRow<infer Flags> ? Flags : never;
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer Every,
) => void
  ? Every
  : never;

type EngineFlags = All<FlagsOf<(typeof engines)[EngineName]>>;

/** The flags that engines add to `run` and `devices`, under keys that no other flag has. */
export const engineFlags: EngineFlags = Object.assign(
  {},
  ...engineNames.map((name) => engines[name].flags),
);

/** @throws {LlmbenchError} `config` for a name that this version has no row of, as of a journal that another one wrote. */
export function engineRow(name: string): EngineRow {
  const known = engineNames.find((one) => one === name);
  if (known !== undefined) return engines[known];
  throw new LlmbenchError(
    "config",
    `engine ${JSON.stringify(name)} is none of this version's: expected one of ${engineNames.join(", ")}`,
  );
}

/**
 * Starts an engine for as long as `use` takes.
 * @throws as the engine's start, and whatever `use` throws.
 */
export async function withEngine<Answer>(
  { engine: name = usualEngine, device, own = {}, offline = false }: StartAsk,
  use: (engine: Engine) => Promise<Answer>,
): Promise<Answer> {
  const engine = await engineRow(name).start({ device, own, offline });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

interface StartAsk extends Pick<EngineAsk, "device" | "offline"> {
  /** What is said with its own flags; nothing where absent. */
  readonly own?: EngineAsk["own"] | undefined;
  /** The usual one where absent. */
  readonly engine?: string | undefined;
}
