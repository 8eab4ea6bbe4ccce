// @ts-check
// Two network namespaces of their own with a cable between them, of a rate that is set: Linux, root, and iproute2.
import { spawnSync } from "node:child_process";

/**
 * @typedef {object} Cable
 * @property {string} address of the far end
 * @property {string} nearAddress
 * @property {readonly string[]} near what stands before a command that runs at this end
 * @property {readonly string[]} far
 * @property {(megabits: number | null) => void} setRate both ways, on the wire; null is none
 * @property {() => void} remove
 */

/** A private net for the cable, that nothing else is in. */
const farAddress = "10.213.0.2";
const nearAddress = "10.213.0.1";

/**
 * Bytes of a frame that count against the rate and are no data: Ethernet's header without its checksum, those of IP and TCP,
 * and TCP's time stamps; of 1514.
 */
const overheadBytes = 66;
const frameBytes = 1514;

/** Of what a rate carries, the share that is data. */
export const dataShare = (frameBytes - overheadBytes) / frameBytes;

/** @param {readonly string[]} words */
function run(...words) {
  const [program = "", ...args] = words;
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${words.join(" ")}: ${error?.message ?? stderr.trim()}`);
}

/** What keeps this machine from it, in words; null where nothing does. */
export function cableLack() {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  try {
    const cable = layCable();
    try {
      cable.setRate(100);
    } finally {
      cable.remove();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param {string} space */
const inside = (space) => ["ip", "netns", "exec", space];

let laid = 0;

/** What is sent meanwhile waits, and nothing is lost. */
const queueBytes = String(2 ** 24);

const carrierMs = 10_000;

/**
 * A device that was switched on runs some moments later, and is nobody's address until then.
 *
 * @param {string} space
 * @param {string} device
 */
function awaitCarrier(space, device) {
  const began = performance.now();
  for (;;) {
    const { stdout } = spawnSync("ip", ["-n", space, "link", "show", device], { encoding: "utf8" });
    if (stdout.includes("state UP")) return;
    if (performance.now() - began > carrierMs) throw new Error(`${device} has no carrier`);
  }
}

/**
 * @returns {Cable}
 * @throws {Error} where the system refuses one
 */
export function layCable() {
  laid += 1;
  const name = `llmb${process.pid}-${laid}`;
  // A device's name has at most 15 letters.
  const [near, far] = [`${name}n`, `${name}f`];
  const device = "cable0";
  const remove = () => {
    for (const space of [near, far]) spawnSync("ip", ["netns", "delete", space]);
  };
  try {
    for (const space of [near, far]) run("ip", "netns", "add", space);
    run("ip", "-n", near, "link", "add", device, "type", "veth", "peer", device, "netns", far);
    run("ip", "-n", near, "address", "add", `${nearAddress}/30`, "dev", device);
    run("ip", "-n", far, "address", "add", `${farAddress}/30`, "dev", device);
    for (const space of [near, far])
      for (const each of [device, "lo"]) run("ip", "-n", space, "link", "set", each, "up");
    for (const space of [near, far]) awaitCarrier(space, device);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    address: farAddress,
    nearAddress,
    near: inside(near),
    far: inside(far),
    setRate(megabits) {
      for (const space of [near, far]) {
        spawnSync("tc", ["-n", space, "qdisc", "delete", "dev", device, "root"]);
        if (megabits === null) continue;
        // What goes through in a millisecond may go at once.
        const burst = Math.round((megabits * 1e6) / 8 / 1000);
        const bucket = ["rate", `${megabits}mbit`, "burst", String(burst), "limit", queueBytes];
        run("tc", "-n", space, "qdisc", "add", "dev", device, "root", "tbf", ...bucket);
      }
    },
    remove,
  };
}
