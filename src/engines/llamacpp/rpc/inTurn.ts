/**
 * A server has one client at a time, and a process that ends is started anew: both pass. That it is a server at all is told
 * by the port beside its own, which answers meanwhile.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint } from "./endpoints.ts";
import { LinkFailure } from "./rpcConnection.ts";
import { askFacts } from "./serverFacts.ts";

export interface TurnPatience {
  /** How long one that serves another client, or computes for one that is gone, is waited for. */
  readonly busyMs: number;
  readonly signal?: AbortSignal;
}

/** A build for GPUs loads large libraries. */
const startMs = 15_000;
const lookMs = 100;

/**
 * Greets a server, or does more with it, as soon as it can be greeted.
 *
 * @param use all of it is done again
 * @throws {LinkFailure} where it isn't there, or not in time
 */
export async function inTurn<Answer>(
  endpoint: Endpoint,
  use: () => Promise<Answer>,
  { busyMs, signal }: TurnPatience,
): Promise<Answer> {
  const began = performance.now();
  for (;;) {
    try {
      return await use();
    } catch (error) {
      if (!(error instanceof LinkFailure) || signal?.aborted === true) throw error;
      const { kind } = error;
      if (kind === "other") throw error;
      await requireFacts(endpoint, error);
      const waited = performance.now() - began;
      if (kind === "silent" && waited >= busyMs) throw new LinkFailure(busy, kind);
      if (kind === "absent" && waited >= startMs) throw error;
      await sleep(lookMs);
    }
  }
}

const busy = "doesn't answer now: it serves another client, or still computes for one that is gone";

/** What else may be wrong where neither port answers. */
const doubts = {
  absent: "",
  silent: "; the port beside it doesn't answer, either",
} as const;

async function requireFacts(endpoint: Endpoint, failure: LinkFailure): Promise<void> {
  try {
    await askFacts(endpoint);
  } catch {
    if (failure.kind === "other") throw failure;
    throw new LinkFailure(`${failure.message}${doubts[failure.kind]}`, failure.kind);
  }
}
