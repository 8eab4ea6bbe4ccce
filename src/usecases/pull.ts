/** Real weights from a hub or a server: asks what there is, whether disk and memory hold it, and downloads it. */
import { dirname } from "node:path";
import { lackOfRoom } from "../base/diskRoom.ts";
import { LlmbenchError } from "../errors.ts";
import { cacheFolder, realFolder } from "../base/cacheFolder.ts";
import { RemoteChanged } from "../models/hub/askForBytes.ts";
import { HttpClient } from "../models/hub/httpClient.ts";
import { planPull, pullFiles, type PullEvent, type PullItem } from "../models/hub/pullModel.ts";
import { resolveFiles, type RemoteModel } from "../models/hub/resolveFiles.ts";
import { confirm } from "../ui/confirm.ts";
import type { Progress } from "../ui/progress.ts";
import { transferStep } from "../ui/byteSteps.ts";

/** Of a hub's store one connection gets a part of what a line carries. */
export const defaultParallel = 8;

/** More would look like an attack to a server. */
export const maxParallel = 64;

/** A model to pull: a remote spec, and the quantization that was asked for beside it. */
export interface Wanted {
  readonly spec: string;
  readonly quantization: string | null;
}

export interface Pulled {
  readonly spec: string;
  readonly files: readonly {
    readonly path: string;
    readonly bytes: number;
    /** Null of a file that was there, and of which the server states none. */
    readonly sha256: string | null;
    /** Compared with what the server states. */
    readonly verified: boolean;
    /** Was there before. */
    readonly present: boolean;
  }[];
}

export interface Pulling {
  /** Connections at once. */
  readonly parallel: number;
  /** `--yes`. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** The network is asked for one byte at most until disk and memory were found to hold all of them. */
export async function pullModels(
  wanted: readonly Wanted[],
  pulling: Pulling,
): Promise<readonly Pulled[]> {
  const http = new HttpClient();
  try {
    const planned: PlannedPull[] = [];
    for (const one of wanted) planned.push(await plan(one, http, pulling));
    checkSpace(planned.flatMap(({ items }) => items));
    for (const { model } of planned) await checkMemory(model, pulling);
    const pulled: Pulled[] = [];
    for (const one of planned) pulled.push(await pullAgainIfChanged(one, http, pulling));
    return pulled;
  } finally {
    await http.close();
  }
}

interface PlannedPull {
  readonly wanted: Wanted;
  readonly model: RemoteModel;
  readonly items: readonly PullItem[];
}

async function plan(wanted: Wanted, http: HttpClient, { signal }: Pulling): Promise<PlannedPull> {
  const { quantization } = wanted;
  const model = await resolveFiles(wanted.spec, http, { quantization, signal });
  return { wanted, model, items: await planPull(model, { cacheDir: cacheFolder(), signal }) };
}

function checkSpace(items: readonly PullItem[]): void {
  const needed = items.reduce((sum, { missingBytes }) => sum + missingBytes, 0);
  if (needed === 0) return;
  const folder = realFolder(cacheFolder());
  const lack = lackOfRoom(dirname(items[0]?.path ?? folder), needed);
  if (lack === null) return;
  throw new LlmbenchError(
    "output",
    `${folder}: the pull needs ${lack}; free some space, or set LLMBENCH_CACHE to a folder on another disk`,
  );
}

/** Less is held by any machine that llama.cpp runs on; asking llama.cpp what this one holds takes a second. */
const smallBytes = 2e9;

async function checkMemory(model: RemoteModel, { yes, progress }: Pulling): Promise<void> {
  const bytes = model.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes < smallBytes) return;
  const { memoryProblem } = await import("./pullMemory.ts");
  const problem = await memoryProblem(model, (text) => progress.warn(text));
  if (problem === null) return;
  if (yes) progress.warn(`warning: ${problem}`);
  else if (!(await confirm({ about: problem, yes }))) {
    throw new LlmbenchError("usage", "nothing was pulled");
  }
}

/** A file that changed while it was on its way is asked for anew, once. */
async function pullAgainIfChanged(
  planned: PlannedPull,
  http: HttpClient,
  pulling: Pulling,
): Promise<Pulled> {
  try {
    return await pull(planned, http, pulling);
  } catch (error) {
    if (!(error instanceof RemoteChanged)) throw error;
    const { spec } = planned.model;
    pulling.progress.warn(`${spec} changed while it was pulled (${error.message}): asking anew`);
    try {
      return await pull(await plan(planned.wanted, http, pulling), http, pulling);
    } catch (again) {
      if (!(again instanceof RemoteChanged)) throw again;
      throw new LlmbenchError(
        "network",
        `${spec}: it changes while it is pulled (${again.message}); pull it again when its publisher is done`,
        { cause: again },
      );
    }
  }
}

async function pull(
  { model, items }: PlannedPull,
  http: HttpClient,
  { parallel, signal, progress }: Pulling,
): Promise<Pulled> {
  const due = items.filter(({ present }) => !present);
  const sha256 = new Map<string, string>();
  const onEvent = (event: PullEvent): void => {
    switch (event.type) {
      case "bytes":
        progress.advance(event.done);
        break;
      case "verifying":
        break;
      case "verified":
        sha256.set(event.path, event.sha256);
        break;
      case "notice":
        progress.warn(event.text);
        break;
      default:
        event satisfies never;
    }
  };
  if (due.length > 0) {
    const total = due.reduce((sum, { remote }) => sum + remote.sizeBytes, 0);
    progress.begin(transferStep(model.spec, total));
    try {
      await pullFiles(items, { http, cacheDir: cacheFolder(), parallel, signal, onEvent });
    } finally {
      progress.end();
    }
  }
  return {
    spec: model.spec,
    files: items.map(({ path, remote, present }) => ({
      path,
      bytes: remote.sizeBytes,
      sha256: sha256.get(path) ?? remote.sha256,
      verified: remote.sha256 !== null,
      present,
    })),
  };
}
