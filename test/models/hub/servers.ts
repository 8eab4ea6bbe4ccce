import { onTestFinished } from "vitest";
import { FaultyServer } from "../../../scripts/chaos/faultyServer.mjs";
import { HttpClient, type HttpOptions } from "../../../src/models/hub/httpClient.ts";

/** A hub and its store that live as long as the test. */
export async function serve(files: Record<string, Buffer> = {}): Promise<FaultyServer> {
  const server = await new FaultyServer(files).listen();
  onTestFinished(() => server.close());
  return server;
}

export const token = "hf_of_the_test_and_secret";

/** Asks that server, as someone with a token, and doesn't wait long. */
export function client(endpoint: string, options: HttpOptions = {}): HttpClient {
  const { env, ...rest } = options;
  const http = new HttpClient({
    attempts: 3,
    firstPauseMs: 1,
    silenceMs: 2000,
    ...rest,
    env: { HF_ENDPOINT: endpoint, HF_TOKEN: token, ...env },
  });
  onTestFinished(() => http.close());
  return http;
}
