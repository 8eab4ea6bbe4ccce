// @ts-check
// A TCP relay before a server: a link with a delay, and one that is cut.
import { connect, createServer } from "node:net";
import { Worker } from "node:worker_threads";

/**
 * @typedef {{ host: string, port: number }} Address
 *
 * @typedef {object} Relay
 * @property {() => void} cut from now on nothing goes through, and nobody is told: a cable that was pulled
 * @property {() => void} breakOff both ends are told, and the next connection goes through
 * @property {() => Promise<void>} close
 */

/**
 * Listens at one address for another.
 *
 * @param {Address} at
 * @param {Address} target
 * @param {{ delayMs?: number }} [options] of a round trip
 * @returns {Promise<Relay>}
 */
export async function openRelay(at, target, { delayMs = 0 } = {}) {
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const delay = new Delay(delayMs / 2);
  let isCut = false;
  const unlessCut = (/** @type {() => void} */ act) =>
    delay.after(() => {
      if (!isCut) act();
    });
  /**
   * @param {import("node:net").Socket} from
   * @param {import("node:net").Socket} to
   */
  const forward = (from, to) => {
    from.on("data", (chunk) => unlessCut(() => to.write(chunk)));
    from.on("end", () => unlessCut(() => to.end()));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      unlessCut(() => to.destroy());
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...target, noDelay: true });
    for (const socket of [near, far]) sockets.add(socket);
    forward(near, far);
    forward(far, near);
  });
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, () => resolve(null));
  });
  return {
    cut() {
      isCut = true;
    },
    breakOff,
    async close() {
      breakOff();
      await new Promise((resolve) => server.close(resolve));
      await delay.close();
    },
  };
}

/** A thread wakes a tenth of a millisecond late: so close to its end a wait goes on without it. */
const spinMs = 0.5;

/** Acts in the order in which they came, each as long after as the others. */
class Delay {
  /** @type {{ dueMs: number, act: () => void }[]} */
  #waiting = [];
  #isWatched = false;
  #ms;
  #clock;

  /** @param {number} ms */
  constructor(ms) {
    this.#ms = ms;
    this.#clock = ms === 0 ? null : new AlarmClock(() => this.#watch());
  }

  /** @param {() => void} act */
  after(act) {
    if (this.#clock === null) {
      act();
      return;
    }
    this.#waiting.push({ dueMs: performance.now() + this.#ms, act });
    if (!this.#isWatched) this.#watch();
  }

  async close() {
    await this.#clock?.close();
  }

  #watch() {
    const [next] = this.#waiting;
    this.#isWatched = next !== undefined;
    if (next === undefined) return;
    const left = next.dueMs - performance.now();
    if (left > spinMs) this.#clock?.ring(left - spinMs);
    else if (left > 0) setImmediate(() => this.#watch());
    else {
      this.#waiting.shift();
      next.act();
      this.#watch();
    }
  }
}

/** Node's timers count whole milliseconds. A thread that waits for nothing else sleeps as long as it is told, and is woken in its turn on a busy machine. */
class AlarmClock {
  #wanted = new Int32Array(new SharedArrayBuffer(4));
  #ms = new Float64Array(new SharedArrayBuffer(8));
  #thread;

  /** @param {() => void} onRing */
  constructor(onRing) {
    const code = `
      const { parentPort, workerData: { wanted, ms } } = require("node:worker_threads");
      const never = new Int32Array(new SharedArrayBuffer(4));
      for (;;) {
        Atomics.wait(wanted, 0, 0);
        if (Atomics.exchange(wanted, 0, 0) < 0) break;
        Atomics.wait(never, 0, 0, ms[0]);
        parentPort.postMessage(null);
      }
    `;
    this.#thread = new Worker(code, {
      eval: true,
      workerData: { wanted: this.#wanted, ms: this.#ms },
    });
    this.#thread.on("message", onRing).unref();
  }

  /** @param {number} ms from now on; one at a time */
  ring(ms) {
    this.#ms[0] = ms;
    Atomics.store(this.#wanted, 0, 1);
    Atomics.notify(this.#wanted, 0);
  }

  async close() {
    Atomics.store(this.#wanted, 0, -1);
    Atomics.notify(this.#wanted, 0);
    await this.#thread.terminate();
  }
}
