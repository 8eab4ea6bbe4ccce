import { describe, expect, it } from "vitest";
import {
  contains,
  maskedAddress,
  meet,
  parseNet,
  privateNet,
} from "../../../../src/engines/llamacpp/rpc/allowedNets.ts";

describe("who may connect", () => {
  it.each([
    "10.0.0.7",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.1.0/24",
    "169.254.0.0/16",
    "127.0.0.4/32",
  ])("takes %s", (text) => {
    expect(privateNet().read(text)).toHaveLength(1);
  });

  it.each([
    "8.8.8.8",
    "0.0.0.0/0",
    "10.0.0.0/7",
    "172.16.0.0/11",
    "192.168.0.0/33",
    "fe80::/10",
    "box",
  ])("refuses %s: public addresses, or no net", (text) => {
    expect(privateNet().read(text)).toBeUndefined();
  });

  it("takes an address of a net for the net", () => {
    expect(privateNet().read("192.168.1.7/24")).toEqual(["192.168.1.0/24"]);
    expect(privateNet().read("172.16.200.7/12")).toEqual(["172.16.0.0/12"]);
  });

  it.each([
    ["10.0.0.5/24", "10.0.0.7/32", true],
    ["10.0.0.5/24", "10.0.0.0/8", true],
    ["10.0.1.5/24", "10.0.0.7/32", false],
  ])("tells whether %s is beside %s", (own, allowed, isBeside) => {
    const [one, other] = [own, allowed].map(parseNet);
    expect(one && other && meet(one, other)).toBe(isBeside);
  });

  it("compares the bits that count, in the backend's filter as in ours", () => {
    const net = parseNet("192.168.1.128/25");
    if (net === null) throw new Error("a net");
    const { address, mask } = maskedAddress(net);
    const inside = (text: string) => {
      const other = maskedAddress({ address: text, prefix: 32 }).address;
      return (other & mask) >>> 0 === (address & mask) >>> 0;
    };
    for (const [text, within] of [
      ["192.168.1.129", true],
      ["192.168.1.127", false],
      ["192.168.2.129", false],
    ] as const) {
      expect(contains([net], text)).toBe(within);
      expect(inside(text)).toBe(within);
    }
  });
});
