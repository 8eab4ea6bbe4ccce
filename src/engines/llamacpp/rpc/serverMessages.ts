/** What the process that serves is told at its start, and what it says. */
import { z } from "zod";
import type { EngineDeviceChoice } from "../protocol.ts";
import type { FoundEngine } from "../reopenEngine.ts";
import type { Net } from "./allowedNets.ts";

export interface ServerChildRequest {
  readonly device: EngineDeviceChoice;
  readonly found: FoundEngine;
  /** The RPC backend's file. */
  readonly library: string;
  /** Where it listens: `127.0.0.1:50052`. */
  readonly endpoint: string;
  /** Where tensors are kept between clients; null keeps none. */
  readonly cacheDir: string | null;
  readonly threads: number;
  /** Names, in the order in which they are served. */
  readonly devices: readonly string[];
  /** None lets in whoever can connect. */
  readonly allow: readonly Net[];
}

export const serverChildMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("serving") }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);
export type ServerChildMessage = z.infer<typeof serverChildMessage>;
