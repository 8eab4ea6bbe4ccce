/** Where programs that download models keep them. Read-only: nothing there is moved, linked or changed. */
import { homedir } from "node:os";
import { join } from "node:path";
import { realFolder } from "../../base/cacheFolder.ts";
import { hubHome, type Env } from "../hub/hubEndpoint.ts";

export interface Place {
  /** Whose place it is, as `models --local` writes it. */
  readonly owner: string;
  readonly folder: string;
  /**
   * How it is laid out: `repositories` have user/repo/file; `hub` has huggingface_hub's snapshots; `ollama` has
   * manifests that name blobs; `files` just files.
   */
  readonly layout: "repositories" | "hub" | "ollama" | "files";
}

/** In the order in which they are preferred. */
export function localPlaces(cacheDir: string, env: Env = process.env): readonly Place[] {
  const home = homedir();
  const set = (name: string) => env[name] || undefined;
  const caches = set("XDG_CACHE_HOME") ?? join(home, ".cache");
  const llamaCpp =
    process.platform === "darwin"
      ? join(home, "Library", "Caches", "llama.cpp")
      : join(caches, "llama.cpp");
  const ollama = set("OLLAMA_MODELS");
  return [
    { owner: "llmbench", folder: join(realFolder(cacheDir), "hf"), layout: "repositories" },
    { owner: "llmbench", folder: join(realFolder(cacheDir), "url"), layout: "files" },
    {
      owner: "Hugging Face",
      folder: set("HF_HUB_CACHE") ?? join(hubHome(env), "hub"),
      layout: "hub",
    },
    { owner: "node-llama-cpp", folder: join(home, ".node-llama-cpp", "models"), layout: "files" },
    { owner: "llama.cpp", folder: set("LLAMA_CACHE") ?? llamaCpp, layout: "files" },
    { owner: "LM Studio", folder: join(home, ".lmstudio", "models"), layout: "repositories" },
    {
      owner: "LM Studio",
      folder: join(home, ".cache", "lm-studio", "models"),
      layout: "repositories",
    },
    { owner: "Ollama", folder: ollama ?? join(home, ".ollama", "models"), layout: "ollama" },
    // The service that Ollama's installer for Linux sets up.
    ...(process.platform === "linux" && ollama === undefined
      ? [{ owner: "Ollama", folder: "/usr/share/ollama/.ollama/models", layout: "ollama" } as const]
      : []),
  ];
}
