/** Who may connect to a server that listens beyond its own machine: nets of private IPv4 addresses. */
import { BlockList, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import type { ValueKind } from "../../../flags/valueKinds.ts";

export interface Net {
  readonly address: string;
  /** Bits that count. */
  readonly prefix: number;
}

export const loopbackNet: Net = { address: "127.0.0.0", prefix: 8 };

/** Private addresses (RFC 1918), link-local ones (RFC 3927), which a Thunderbolt bridge has, and this machine's own. */
const privateNets: readonly Net[] = [
  { address: "10.0.0.0", prefix: 8 },
  { address: "172.16.0.0", prefix: 12 },
  { address: "192.168.0.0", prefix: 16 },
  { address: "169.254.0.0", prefix: 16 },
  loopbackNet,
];

export function netText({ address, prefix }: Net): string {
  return `${address}/${prefix}`;
}

/** Null for what is no net, and for one with public addresses in it. */
export function parseNet(text: string): Net | null {
  const [, address = "", bits] = /^([\d.]+)(?:\/(\d{1,2}))?$/u.exec(text.trim()) ?? [];
  const prefix = bits === undefined ? 32 : Number(bits);
  if (!isIPv4(address) || prefix > 32) return null;
  const inside = privateNets.find((net) => net.prefix <= prefix && contains([net], address));
  return inside === undefined ? null : { address: firstAddress(address, prefix), prefix };
}

/** `192.168.1.0` of `192.168.1.7/24`: people type an address of a net for the net. */
function firstAddress(address: string, prefix: number): string {
  const { address: bits, mask } = maskedAddress({ address, prefix });
  const first = (bits & mask) >>> 0;
  return [24, 16, 8, 0].map((shift) => (first >>> shift) & 0xff).join(".");
}

/** One net a text, kept as text. */
export function privateNet(): ValueKind<string> {
  return {
    expected:
      "private IPv4 addresses, as 192.168.1.0/24 or 10.0.0.7 (within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 169.254.0.0/16)",
    argument: "CIDR",
    commaSeparates: true,
    json: { type: "string" },
    read(value) {
      const net = typeof value === "string" ? parseNet(value) : null;
      return net === null ? undefined : [netText(net)];
    },
  };
}

/** Where to listen: llama.cpp's transport knows IPv4 alone. */
export function listeningHost(): ValueKind<string> {
  return {
    expected: "an IPv4 address of this machine",
    argument: "ADDRESS",
    commaSeparates: false,
    json: { type: "string" },
    read(value) {
      if (value === "localhost") return ["127.0.0.1"];
      return typeof value === "string" && isIPv4(value) ? [value] : undefined;
    },
  };
}

export function contains(nets: readonly Net[], address: string): boolean {
  const list = new BlockList();
  for (const net of nets) list.addSubnet(net.address, net.prefix, "ipv4");
  return list.check(address, "ipv4");
}

/** As the filter before llama.cpp's transport wants it (native/ggml-rpc/sockets.cpp), in host order. */
export function maskedAddress({ address, prefix }: Net): {
  readonly address: number;
  readonly mask: number;
} {
  const bits = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const mask = prefix === 0 ? 0 : (0xff_ff_ff_ff << (32 - prefix)) >>> 0;
  return { address: bits, mask };
}

export interface OwnAddress {
  readonly address: string;
  /** The net that it stands in, where its neighbours are. */
  readonly net: Net;
}

/** This machine's IPv4 addresses. */
export function ownAddresses(): readonly OwnAddress[] {
  return Object.values(networkInterfaces()).flatMap((some) =>
    (some ?? []).flatMap(({ family, address, cidr }) => {
      if (family !== "IPv4") return [];
      const [, prefix = "32"] = (cidr ?? "").split("/");
      return [{ address, net: { address, prefix: Number(prefix) } }];
    }),
  );
}

/** Whether two nets have an address in common. */
export function meet(one: Net, other: Net): boolean {
  return contains([one], other.address) || contains([other], one.address);
}
