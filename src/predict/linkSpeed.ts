/** How long a link takes: its round trips, and the bytes that go over it each way. */
import type { LinkWork } from "./linkWork.ts";
import type { RangeError } from "./predictionError.ts";

export interface LinkSpeed {
  readonly roundTripSeconds: number;
  /** To the machine that lends, and back from it. */
  readonly up: Way;
  readonly down: Way;
  readonly isMeasured: boolean;
}

export interface Way {
  readonly bytesPerSecond: number;
  /**
   * What transfers took that came after a rest, as those of a token do, smallest first: a shaper lets some of them through
   * at once, and a connection over a long way has to find its speed anew. None where the rate alone is known.
   */
  readonly afterRest: readonly { readonly bytes: number; readonly seconds: number }[];
}

/**
 * What a link may be slower and faster by. A described one is seldom as fast as its name, and a program wakes late: its
 * figures are an upper bound and a lower one.
 */
const linkErrors = {
  described: { below: 1, above: 0.5 },
  measured: { below: 0.15, above: 0.15 },
} as const satisfies Record<string, RangeError>;

export function linkError({ isMeasured }: LinkSpeed): RangeError {
  return linkErrors[isMeasured ? "measured" : "described"];
}

/** A message is a command, a size and what follows, each sent for itself (transport.cpp, v0.4.0). */
const packetsPerMessage = 3;

/** Headers of Ethernet, IP and TCP with its time stamps, in bytes: small packets have them too. */
const packetBytes = 66;

export function linkSeconds(work: LinkWork, { roundTripSeconds, up, down }: LinkSpeed): number {
  const headers = work.messages * packetsPerMessage * packetBytes;
  return (
    work.turns * roundTripSeconds +
    secondsOver(up, work.upBytes + headers) +
    secondsOver(down, work.downBytes)
  );
}

/** Between two that were tried in proportion, beyond the largest at the rate. */
function secondsOver({ bytesPerSecond, afterRest }: Way, bytes: number): number {
  let before = { bytes: 0, seconds: 0 };
  for (const tried of afterRest) {
    if (bytes <= tried.bytes) {
      const share = (bytes - before.bytes) / (tried.bytes - before.bytes);
      return before.seconds + share * (tried.seconds - before.seconds);
    }
    before = tried;
  }
  return before.seconds + (bytes - before.bytes) / bytesPerSecond;
}
