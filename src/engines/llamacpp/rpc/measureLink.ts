/**
 * How far a server is: round trip and throughput, through its own protocol and so over the very way that a model's
 * activations take. It serves one client at a time, so nothing else may be connected meanwhile.
 */
import { median } from "simple-statistics";
import type { Link } from "../../../bench/link.ts";
import type { Endpoint } from "./endpoints.ts";
import { withConnection, type RpcConnection } from "./rpcConnection.ts";
import { alignment, allocBuffer, bufferBase, freeBuffer, getTensor, setTensor } from "./wire.ts";
import type { RemoteBuffer } from "./wire.ts";

/** The first ones wake what sleeps on the way. */
const unheardTrips = 3;
const roundTrips = 21;

/** Of one transfer. A server with a cache keeps what is larger than 10 MiB (HASH_THRESHOLD, ggml-rpc.cpp, v0.4.0). */
const pieceBytes = 2 ** 20;

/** Long enough for a connection to find its speed, and most bytes that it is given for that. */
const longEnoughMs = 300;
const mostPieces = 256;

/** The slowest link that anybody would share a model over takes some seconds for a piece. */
const patienceMs = 60_000;

/** @throws {LinkFailure} */
export function measureLink(endpoint: Endpoint): Promise<Link> {
  return withConnection(endpoint, async (connection) => {
    const ms = await roundTrip(connection);
    const buffer = await remoteBuffer(connection);
    // A server whose memory is full still tells how far it is.
    if (buffer === null) return { ms, upGbps: null, downGbps: null };
    const filling = setTensor(buffer, Buffer.alloc(pieceBytes, 1));
    const upGbps = await throughput(async (pieces) => {
      for (let piece = 0; piece < pieces; piece++) connection.send(filling);
      // Answered when all before it is done.
      await connection.ask(alignment(0), patienceMs);
    });
    const reading = getTensor(buffer);
    const downGbps = await throughput(async (pieces) => {
      for (let piece = 0; piece < pieces; piece++) connection.send(reading);
      for (let piece = 0; piece < pieces; piece++) await connection.answer(reading, patienceMs);
    });
    connection.send(freeBuffer(buffer.buffer));
    await connection.ask(alignment(0));
    return { ms, upGbps, downGbps };
  });
}

async function roundTrip(connection: RpcConnection): Promise<number> {
  const times: number[] = [];
  for (let trip = 0; trip < unheardTrips + roundTrips; trip++) {
    const began = performance.now();
    await connection.ask(alignment(0));
    if (trip >= unheardTrips) times.push(performance.now() - began);
  }
  return median(times);
}

async function remoteBuffer(connection: RpcConnection): Promise<RemoteBuffer | null> {
  const made = await connection.ask(allocBuffer(0, pieceBytes));
  const buffer = made.readBigUInt64LE(0);
  if (buffer === 0n) return null;
  const base = (await connection.ask(bufferBase(buffer))).readBigUInt64LE(0);
  return { buffer, base, bytes: pieceBytes };
}

/**
 * GB/s of the last pieces: the difference between two transfers is free of the round trip, and of what a shaper lets
 * through at once after a rest.
 */
async function throughput(transfer: (pieces: number) => Promise<void>): Promise<number> {
  let before = await timed(transfer, 1);
  for (let pieces = 4; ; pieces *= 4) {
    const now = await timed(transfer, pieces);
    if (now.ms >= longEnoughMs || pieces >= mostPieces) {
      const bytes = (now.pieces - before.pieces) * pieceBytes;
      // A pause in the shorter one leaves no difference to speak of.
      const ms = now.ms > before.ms ? now.ms - before.ms : now.ms;
      return bytes / ms / 1e6;
    }
    before = now;
  }
}

async function timed(
  transfer: (pieces: number) => Promise<void>,
  pieces: number,
): Promise<{ readonly pieces: number; readonly ms: number }> {
  const began = performance.now();
  await transfer(pieces);
  return { pieces, ms: performance.now() - began };
}
