/** What a repetition sends to other machines. */
import type { Traffic } from "../../../bench/link.ts";
import type { Engine } from "../engine.ts";

/** Between two readings; null without other machines, or where the backend doesn't count. */
export function trafficSince({ rpc }: Pick<Engine, "rpc">, before: Traffic | null): Traffic | null {
  const now = rpc?.traffic() ?? null;
  if (before === null || now === null) return null;
  return {
    messages: now.messages - before.messages,
    turns: now.turns - before.turns,
    bytes: now.bytes - before.bytes,
  };
}

/** Of a repetition's; what went another way than through sockets was not counted, and is not told. */
export function perToken(traffic: Traffic | null, tokens: number): Traffic | null {
  if (traffic === null || traffic.messages === 0) return null;
  const { messages, turns, bytes } = traffic;
  return { messages: messages / tokens, turns: turns / tokens, bytes: bytes / tokens };
}
