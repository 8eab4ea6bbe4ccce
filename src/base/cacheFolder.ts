/** Where llmbench keeps what it made and can make again. */
import { join } from "node:path";
import envPaths from "env-paths";

/** `LLMBENCH_CACHE`, else the platform's folder for caches (`~/.cache/llmbench`, `~/Library/Caches/llmbench`, …). */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const set = env["LLMBENCH_CACHE"];
  return set === undefined || set === "" ? envPaths("llmbench", { suffix: "" }).cache : set;
}

export function syntheticFolder(cacheDir: string): string {
  return join(cacheDir, "synthetic");
}

/** Downloaded weights. */
export function realFolder(cacheDir: string): string {
  return join(cacheDir, "real");
}

export function tensorTypesFolder(cacheDir: string): string {
  return join(cacheDir, "tensor-types");
}

/** Headers of models on a hub. */
export function headersFolder(cacheDir: string): string {
  return join(cacheDir, "headers");
}

/** The RPC backend, compiled here. */
export function rpcFolder(cacheDir: string): string {
  return join(cacheDir, "rpc");
}

/** Tensors of other machines' models. */
export function keptTensorsFolder(cacheDir: string): string {
  return join(cacheDir, "rpc-tensors");
}
