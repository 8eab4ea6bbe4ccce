/**
 * What `llmbench rpc` tells of itself on the port beside its own, where llama.cpp's protocol tells no build: a line of JSON
 * unasked, and another for a question.
 */
import { connect } from "node:net";
import { z } from "zod";
import { engineInfoSchema, type EngineInfo } from "../../../bench/engineInfo.ts";
import { cpuDevice } from "../../../bench/lentDevices.ts";
import { factsPort, type Endpoint } from "./endpoints.ts";
import { failureOf, LinkFailure } from "./rpcConnection.ts";

const servedDevice = z.object({
  /** Its name on the server. */
  name: z.string(),
  description: z.string(),
  total_bytes: z.number().int(),
  /** What its machine lets llama.cpp use of it. */
  budget_bytes: z.number().int(),
});

export const serverFactsSchema = z.object({
  llmbench: z.string(),
  engine: engineInfoSchema.pick({
    engine: true,
    engine_version: true,
    build_commit: true,
    build_number: true,
    package: true,
    backend: true,
  }),
  /** Of this one start of `llmbench rpc`: two addresses of one server are told by it. */
  id: z.string(),
  /** As `machineName` makes it, or its owner's. */
  machine: z.string(),
  /** In the protocol's order. */
  devices: z.array(servedDevice).min(1),
  /** Of its CPU. */
  threads: z.number().int(),
  /** How often the process that serves was started. */
  starts: z.number().int(),
  /** Stays the same just as long as that process does nothing; null where that can't be told. */
  activity: z.string().nullable(),
});
export type ServerFacts = z.infer<typeof serverFactsSchema>;

/** A machine that is there answers in a round trip. */
const patienceMs = 5000;

/** A CPU that was never asked is measured first. */
const speedPatienceMs = 120_000;

/** What is asked beside what is told anyway. */
export const speedQuestion = "speed";

/** Far more than a server with sixteen devices, or all that is known of its speed, says. */
const mostBytes = 2 ** 18;

/** @throws {LinkFailure} */
export async function askFacts(endpoint: Endpoint): Promise<ServerFacts> {
  const line = await readLine({ ...endpoint, port: factsPort(endpoint) }, 1);
  try {
    return serverFactsSchema.parse(JSON.parse(line));
  } catch {
    throw new LinkFailure(
      `answers as another version of llmbench does, or something else does on port ${factsPort(endpoint)}; give both machines the same llmbench`,
    );
  }
}

/** What it knows of its speed, for whoever predicts; null where it tells nothing. */
export async function askSpeed(endpoint: Endpoint): Promise<unknown> {
  try {
    return JSON.parse(await readLine({ ...endpoint, port: factsPort(endpoint) }, 2, speedQuestion));
  } catch {
    return null;
  }
}

/** Null where nobody answers. */
export async function activityOf(endpoint: Endpoint): Promise<string | null> {
  try {
    return (await askFacts(endpoint)).activity;
  } catch {
    return null;
  }
}

/** @param number from 1, of the lines that come */
function readLine(
  { host, port }: Endpoint,
  number: number,
  question: string | null = null,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({ host, port, family: 4 });
    if (question !== null) socket.write(`${question}\n`);
    const fail = (words: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new LinkFailure(words));
    };
    const timer = setTimeout(
      () => fail(`doesn't answer on port ${port}`),
      question === null ? patienceMs : speedPatienceMs,
    );
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text.split("\n")[number - 1] ?? "");
    };
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > mostBytes) fail(`says too much on port ${port}`);
      else if (text.split("\n").length > number) end();
    });
    socket.on("end", end);
    socket.on("error", (error) => {
      const { message } = failureOf(error);
      fail(`doesn't answer on port ${port} (${message})`);
    });
  });
}

/** What must be the same on both machines, in words where it isn't; null where it is. */
export function buildDifference(here: EngineInfo, { engine: there }: ServerFacts): string | null {
  const differing = (["package", "engine_version", "build_commit", "build_number"] as const).filter(
    (key) => here[key] !== there[key],
  );
  if (differing.length === 0) return null;
  return `serves with ${buildWords(there)}, and here is ${buildWords(here)}: RPC needs the same build on both ends; give both machines the same llmbench`;
}

/** What a machine that lends must be as it was, in words where it isn't; null where it is. */
export function lentDifference(before: ServerFacts, now: ServerFacts): string | null {
  const [was, is] = [lentWords(before), lentWords(now)];
  return was === is
    ? null
    : `lends ${is}, and lent ${was} when the run began: lend that again, or start a new run`;
}

function lentWords({ machine, devices, threads }: ServerFacts): string {
  const lent = devices.map(({ name, description }) =>
    [name, description, ...(name === cpuDevice ? [`with -t ${threads}`] : [])].join(" "),
  );
  return `${lent.join(", ")} of ${machine}`;
}

function buildWords({ engine_version: version, build_commit: commit, package: carrier }: Build) {
  return `llama.cpp ${version ?? "of unknown version"} (${commit ?? "?"}, ${carrier ?? "?"})`;
}

type Build = Pick<EngineInfo, "package" | "engine_version" | "build_commit">;
