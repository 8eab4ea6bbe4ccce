/** Links between machines, by name or by their figures. */

export interface DescribedLink {
  /** `tb5`, or as the user gave its figures. */
  readonly name: string;
  readonly bytesPerSecond: number;
  /** Round trip of a small message between two programs, over TCP. */
  readonly roundTripSeconds: number;
}

interface NamedLink {
  /** One way, of the wire. */
  readonly gigabits: number;
  readonly roundTripMs: number;
  readonly source: string;
}

/** One switch or none between two network cards of desktop kind, whose interrupts and system calls take most of it. */
const ethernet = "rate: IEEE 802.3; round trip: assumed, of two kernels' TCP";

/** https://www.adwaitx.com/?p=10695 (March 2026) tells 300 µs for TCP over Thunderbolt, and 50 µs with RDMA. */
const overThunderbolt = "round trip: 300 µs over TCP, as told of macOS 26 with Apple's TN3205";

export const links = {
  "1gbe": { gigabits: 1, roundTripMs: 0.2, source: ethernet },
  "2.5gbe": { gigabits: 2.5, roundTripMs: 0.2, source: ethernet },
  "5gbe": { gigabits: 5, roundTripMs: 0.15, source: ethernet },
  "10gbe": { gigabits: 10, roundTripMs: 0.1, source: ethernet },
  "25gbe": { gigabits: 25, roundTripMs: 0.06, source: ethernet },
  "40gbe": { gigabits: 40, roundTripMs: 0.06, source: ethernet },
  "100gbe": { gigabits: 100, roundTripMs: 0.06, source: ethernet },
  "200gbe": { gigabits: 200, roundTripMs: 0.06, source: ethernet },
  tb3: {
    gigabits: 40,
    roundTripMs: 0.3,
    source: `rate: Thunderbolt 3, 40 Gb/s; ${overThunderbolt}`,
  },
  tb4: {
    gigabits: 40,
    roundTripMs: 0.3,
    source: `rate: Thunderbolt 4, 40 Gb/s; ${overThunderbolt}`,
  },
  tb5: {
    gigabits: 80,
    roundTripMs: 0.3,
    source: `rate: Thunderbolt 5, 80 Gb/s; ${overThunderbolt}`,
  },
} as const satisfies Readonly<Record<string, NamedLink>>;

export const linkNames = Object.keys(links) as readonly (keyof typeof links)[];

const bitsPerByte = 8;

/** A name, or `GB/S,MS`: throughput and round trip as rows tell them. Null for anything else. */
export function parseLink(text: string): DescribedLink | null {
  const name = text.trim().toLowerCase();
  const known = linkNames.find((one) => one === name);
  if (known !== undefined) {
    const { gigabits, roundTripMs } = links[known];
    return {
      name,
      bytesPerSecond: (gigabits * 1e9) / bitsPerByte,
      roundTripSeconds: roundTripMs / 1000,
    };
  }
  const [, gbps, ms] = /^(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)$/u.exec(name) ?? [];
  if (gbps === undefined || ms === undefined || Number(gbps) === 0) return null;
  return { name, bytesPerSecond: Number(gbps) * 1e9, roundTripSeconds: Number(ms) / 1000 };
}
