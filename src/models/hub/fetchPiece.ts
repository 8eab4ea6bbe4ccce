/**
 * Fetches one piece of a file, over as many connections one after the other as it takes: a broken one goes on where it
 * broke, a silent or crawling one is given up for a new one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { LlmbenchError } from "../../errors.ts";
import { askForBytes, RemoteChanged, type Asking } from "./askForBytes.ts";
import type { ByteRange } from "./byteRanges.ts";
import { shownUrl } from "./networkFailure.ts";
import { Broken, receiveBytes, type Receiving } from "./receiveBytes.ts";

export interface Fetching extends Asking, Receiving {}

/** @throws RemoteChanged; LlmbenchError `network`; a system error of the disk; the signal's reason. */
export async function fetchPiece([start, end]: ByteRange, fetching: Fetching): Promise<void> {
  let at = start;
  let fruitless = 0;
  while (at < end) {
    const { body, ranged } = await askForBytes([at, end], fetching.part.validator, fetching);
    if (!ranged) {
      await body.dump().catch(() => {});
      throw new RemoteChanged("it gave parts before, and now gives whole files only");
    }
    const broken = await brokenOff(receiveBytes(body, at, end, fetching), fetching.signal);
    if (broken === null) return;
    fruitless = broken.at > at && !broken.crawled ? 0 : fruitless + 1;
    at = broken.at;
    if (fruitless >= fetching.patience.fruitless) throw givenUp(fetching, broken);
    await pause(fruitless, fetching);
  }
}

/**
 * The same of a server that gives no parts: each break begins from zero.
 *
 * @throws as fetchPiece does
 */
export async function fetchWhole(fetching: Fetching): Promise<void> {
  const { remote, part, patience, signal, onBytes } = fetching;
  for (let beginning = 1; ; beginning++) {
    const { validator } = part;
    part.restart();
    part.begin(validator);
    onBytes();
    const { body } = await askForBytes([0, remote.sizeBytes], validator, fetching);
    const broken = await brokenOff(receiveBytes(body, 0, remote.sizeBytes, fetching), signal);
    if (broken === null) return;
    if (beginning >= patience.beginnings) throw givenUp(fetching, broken, beginning);
    await pause(beginning, fetching);
  }
}

async function brokenOff(receiving: Promise<void>, signal: AbortSignal): Promise<Broken | null> {
  try {
    await receiving;
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Broken) return error;
    throw error;
  }
}

async function pause(fruitless: number, { patience, signal }: Fetching): Promise<void> {
  if (fruitless > 0)
    await sleep(patience.firstPauseMs * 2 ** (fruitless - 1), undefined, { signal });
}

function givenUp({ remote }: Fetching, cause: Broken, beginnings?: number): LlmbenchError {
  const why =
    beginnings === undefined
      ? "the connection breaks again and again"
      : `the server gives no parts of a file, and broke off ${beginnings} times`;
  return new LlmbenchError("network", `${shownUrl(remote.url)}: ${why} (${cause.message})`, {
    cause,
  });
}
