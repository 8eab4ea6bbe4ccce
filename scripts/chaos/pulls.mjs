// @ts-check
// Pulls from a faulty server, and judges after each attempt what is on the disk.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import {
  HttpClient,
  RemoteChanged,
  planPull,
  pullFiles,
  resolveFiles,
  usualPatience,
} from "../../dist/maintenance.js";
import { FaultyServer, modelBytes, sha256Of } from "./faultyServer.mjs";

/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {import("./faultyServer.mjs").Fault} Fault */

export const troubles = /** @type {const} */ ([
  "none",
  "drops",
  "truncations",
  "corruption",
  "change",
  "crawl",
  "busy",
  "down",
  "no ranges",
  "no ranges, drops",
  "shifted",
  "interrupted",
  "all",
]);

/** @typedef {typeof troubles[number]} Trouble */

/** Three pieces of a download's smallest size, and a rest. */
const fileBytes = 26 * 2 ** 20 + 12_345;

/** Attempts until a pull through faults that never end is given a server without any. */
const faultyAttempts = 4;

const path = "lab/model-GGUF/model-Q4_0.gguf";

/**
 * One pull, as often begun as it takes. Throws where what is on the disk, or what was said, isn't right.
 *
 * @param {Trouble} trouble
 * @param {Random} random
 * @returns {Promise<{ attempts: number, resumed: boolean, sent: number }>}
 */
export async function pullThrough(trouble, random) {
  const cacheDir = mkdtempSync(join(tmpdir(), "llmbench pulls "));
  const seed = String(random.next());
  const server = await new FaultyServer({ [path]: modelBytes(seed, fileBytes) }).listen();
  try {
    let resumed = false;
    for (let attempt = 1; attempt <= faultyAttempts + 3; attempt++) {
      const faulty = attempt <= faultyAttempts;
      makeTrouble(server, faulty ? trouble : "none", random, seed);
      const before = server.sentBytes;
      const { failure, missingBytes, stated } = await tryPull(
        server,
        cacheDir,
        trouble,
        faulty,
        random,
      );
      resumed ||= missingBytes < fileBytes;
      const done = judge(cacheDir, stated, failure);
      const sent = server.sentBytes - before;
      if (!faulty && sent > missingBytes + 2 * 2 ** 20) {
        throw new Error(
          `${trouble}: ${sent} bytes were sent for ${missingBytes} that were missing`,
        );
      }
      if (done) return { attempts: attempt, resumed, sent: server.sentBytes };
    }
    throw new Error(`${trouble}: no pull succeeded, not even without faults`);
  } finally {
    await server.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
}

/**
 * @param {FaultyServer} server @param {string} cacheDir @param {Trouble} trouble @param {boolean} faulty
 * @param {Random} random
 */
async function tryPull(server, cacheDir, trouble, faulty, random) {
  const env = { HF_ENDPOINT: server.endpoint, HF_TOKEN: "hf_secret_of_the_test" };
  const http = new HttpClient({ env, attempts: 3, firstPauseMs: 5, silenceMs: 2000 });
  const stop = new AbortController();
  const interrupts =
    faulty && (trouble === "interrupted" || (trouble === "all" && random.chance(0.2)));
  const stopAfter = random.below(fileBytes);
  let missingBytes = fileBytes;
  /** @type {string | null} */
  let stated = null;
  try {
    const model = await resolveFiles("hf:lab/model-GGUF:Q4_0", http);
    stated = model.files[0].sha256;
    const items = await planPull(model, { cacheDir, signal: stop.signal });
    missingBytes = items.reduce((sum, item) => sum + item.missingBytes, 0);
    await pullFiles(items, {
      http,
      cacheDir,
      parallel: 4,
      signal: stop.signal,
      patience: { ...usualPatience, firstPauseMs: 5, fruitless: 3, crawlMs: 100 },
      onEvent(event) {
        if (interrupts && event.type === "bytes" && event.done > stopAfter) stop.abort();
      },
    });
    return { failure: null, missingBytes, stated };
  } catch (error) {
    return { failure: stop.signal.aborted ? "interrupted" : error, missingBytes, stated };
  } finally {
    await http.close();
  }
}

/**
 * Whether the pull is done; else there is a clear error, and no file under the final name.
 *
 * @param {string} cacheDir @param {string | null} stated when the pull began @param {unknown} failure
 */
function judge(cacheDir, stated, failure) {
  const target = join(cacheDir, "real", "hf", path);
  if (existsSync(target) && sha256Of(readFileSync(target)) !== stated) {
    throw new Error("a wrong file stands under the final name");
  }
  if (failure === null) {
    if (!existsSync(target)) throw new Error("a pull succeeded, and there is no file");
    if (existsSync(`${target}.part`))
      throw new Error("a pull succeeded, and its part is still there");
    return true;
  }
  const known =
    failure === "interrupted" ||
    failure instanceof LlmbenchError ||
    failure instanceof RemoteChanged;
  if (!known) throw new Error("a failure without words", { cause: failure });
  const words = failure instanceof Error ? failure.message : "";
  if (/secret/.test(words)) throw new Error(`the token was told: ${words}`);
  return false;
}

/**
 * @param {FaultyServer} server @param {Trouble} trouble @param {Random} random @param {string} seed
 */
function makeTrouble(server, trouble, random, seed) {
  server.ranges = !trouble.startsWith("no ranges");
  const size = fileBytes;
  /** @type {Record<string, () => Fault>} */
  const faults = {
    drops: () => ({ type: "drop", at: random.below(random.chance(0.2) ? 100 : 4 * 2 ** 20) }),
    truncations: () => ({ type: "truncate", at: random.below(4 * 2 ** 20) }),
    corruption: () => ({ type: "corrupt", at: random.below(size) }),
    crawl: () => (random.chance(0.3) ? { type: "crawl" } : null),
    busy: () => (random.chance(0.4) ? { type: "status", status: 429, retryAfter: "0" } : null),
    down: () => (random.chance(0.4) ? { type: "status", status: 503 } : null),
    "no ranges, drops": () =>
      random.chance(0.7) ? { type: "drop", at: random.below(size) } : null,
    shifted: () => (random.chance(0.5) ? { type: "shift" } : null),
  };
  let answers = 0;
  const changeAt =
    trouble === "change" || (trouble === "all" && random.chance(0.3)) ? 2 + random.below(4) : -1;
  server.fault = () => {
    answers += 1;
    if (answers === changeAt) server.put(path, modelBytes(`${seed} ${random.next()}`, size));
    if (trouble === "all") {
      return random.chance(0.5)
        ? (faults[random.pick(["drops", "truncations", "crawl", "busy", "down"])]?.() ?? null)
        : null;
    }
    return faults[trouble]?.() ?? null;
  };
}
