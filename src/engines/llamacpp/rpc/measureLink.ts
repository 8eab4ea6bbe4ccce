/**
 * How far a server is: round trip and throughput, through its own protocol and so over the very way that a model's
 * activations take. It serves one client at a time, so nothing else may be connected meanwhile.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { max, min, quantile } from "simple-statistics";
import type { Link } from "../../../bench/link.ts";
import type { Endpoint } from "./endpoints.ts";
import { withConnection, type RpcConnection } from "./rpcConnection.ts";
import { alignment, allocBuffer, bufferBase, freeBuffer, getTensor, setTensor } from "./wire.ts";
import type { Message, RemoteBuffer } from "./wire.ts";

/** The first ones wake what sleeps on the way. */
const unheardTrips = 3;
const roundTrips = 41;

/**
 * Of those the quick ones tell how far it is: others waited for a processor that something else had, at either end. The
 * quickest of all may be a fluke.
 */
const quickShare = 0.1;

/** Of one transfer. A server with a cache keeps what is larger than 10 MiB (HASH_THRESHOLD, ggml-rpc.cpp, v0.4.0). */
const pieceBytes = 2 ** 18;

/** Long enough for a connection to find its speed, and most bytes that it is given for that. */
const longEnoughMs = 120;
const mostPieces = 1024;

/** Transfers of that length: what a shaper lets through at once after a rest is used up by then. */
const longTransfers = 3;

/** As large as a token's activations and logits are. */
const smallBytes = [2 ** 12, 2 ** 14, 2 ** 16, pieceBytes];
const smallTransfers = 5;
const floatBytes = 4;

/** About as long as a token takes. */
const restMs = 10;

/** The slowest link that anybody would share a model over takes some seconds for a piece. */
const patienceMs = 60_000;

/** @param signal ends it. @throws {LinkFailure} */
export function measureLink(endpoint: Endpoint, signal?: AbortSignal): Promise<Link> {
  return withConnection(endpoint, linkOf, signal);
}

async function linkOf(connection: RpcConnection): Promise<Link> {
  const ms = await measureRoundTrip(connection);
  const wide = (transfer: Transfer) => throughput(transfer, ms);
  const buffer = await remoteBuffer(connection);
  // A server whose memory is full still tells how far it is.
  if (buffer === null) return { ms, upGbps: null, downGbps: null };
  const afterRest = await transfersAfterRest(connection, buffer);
  const filling = fillingOf(buffer, pieceBytes);
  const upGbps = await wide(async (pieces) => {
    for (let piece = 0; piece < pieces; piece++) connection.send(filling);
    // Answered when all before it is done.
    await connection.ask(alignment(0), patienceMs);
  });
  const reading = getTensor(buffer);
  const downGbps = await wide(async (pieces) => {
    for (let piece = 0; piece < pieces; piece++) connection.send(reading);
    for (let piece = 0; piece < pieces; piece++) await connection.answer(reading, patienceMs);
  });
  connection.send(freeBuffer(buffer.buffer));
  await connection.ask(alignment(0));
  return { ms, upGbps, downGbps, afterRest };
}

type AfterRest = NonNullable<Link["afterRest"]>[number];

function fillingOf(buffer: RemoteBuffer, bytes: number): Message {
  return setTensor({ ...buffer, bytes }, Buffer.alloc(bytes, 1));
}

/** What the bytes alone take: both ends wake late behind a rest, for next to none as for many. */
async function transfersAfterRest(
  connection: RpcConnection,
  buffer: RemoteBuffer,
): Promise<AfterRest[]> {
  const none = await quickTransfers(connection, buffer, floatBytes);
  const transfers: AfterRest[] = [];
  for (const bytes of smallBytes) {
    const { upMs, downMs } = await quickTransfers(connection, buffer, bytes);
    transfers.push({
      bytes,
      upMs: Math.max(0, upMs - none.upMs),
      downMs: Math.max(0, downMs - none.downMs),
    });
  }
  return transfers;
}

async function quickest(transfer: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < smallTransfers; time++) {
    await sleep(restMs);
    times.push(await timed(transfer));
  }
  return min(times);
}

/** Of some the quickest, each after a rest. */
async function quickTransfers(
  connection: RpcConnection,
  buffer: RemoteBuffer,
  bytes: number,
): Promise<Pick<AfterRest, "upMs" | "downMs">> {
  const filling = fillingOf(buffer, bytes);
  const reading = getTensor({ ...buffer, bytes });
  return {
    upMs: await quickest(() => {
      connection.send(filling);
      return connection.ask(alignment(0), patienceMs);
    }),
    downMs: await quickest(() => connection.ask(reading, patienceMs)),
  };
}

/** In ms. @throws {LinkFailure} */
export async function measureRoundTrip(connection: RpcConnection): Promise<number> {
  const times: number[] = [];
  for (let trip = 0; trip < unheardTrips + roundTrips; trip++) {
    const began = performance.now();
    await connection.ask(alignment(0));
    if (trip >= unheardTrips) times.push(performance.now() - began);
  }
  return quantile(times, quickShare);
}

async function remoteBuffer(connection: RpcConnection): Promise<RemoteBuffer | null> {
  const made = await connection.ask(allocBuffer(0, pieceBytes));
  const buffer = made.readBigUInt64LE(0);
  if (buffer === 0n) return null;
  const base = (await connection.ask(bufferBase(buffer))).readBigUInt64LE(0);
  return { buffer, base, bytes: pieceBytes };
}

type Transfer = (pieces: number) => Promise<void>;

/** GB/s, the round trip that ends a transfer taken off; the best of several, since pauses only take away from it. */
async function throughput(transfer: Transfer, roundTripMs: number): Promise<number> {
  let pieces = 1;
  while ((await timed(() => transfer(pieces))) < longEnoughMs && pieces < mostPieces) pieces *= 2;
  const rates: number[] = [];
  for (let time = 0; time < longTransfers; time++) {
    const ms = await timed(() => transfer(pieces));
    rates.push((pieces * pieceBytes) / Math.max(ms - roundTripMs, ms / 2) / 1e6);
  }
  return max(rates);
}

async function timed(transfer: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await transfer();
  return performance.now() - began;
}
