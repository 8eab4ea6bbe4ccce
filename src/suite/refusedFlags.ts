/**
 * Flags that people type and that have no meaning here, each with what to type instead: llama-bench's (parse_cmd_params,
 * llama.cpp v0.4.0), llama-batched-bench's, and those of programs that measure servers.
 */
import { toType } from "../base/invocation.ts";

interface Refused {
  /** Without dashes. */
  readonly names: readonly string[];
  readonly instead: () => string;
}

const refused: readonly Refused[] = [
  {
    names: ["fitt", "fit-target"],
    instead: () =>
      "llmbench fits layers to memory by itself: use --gpu-layers auto, and --gpu-budget BYTES to leave a margin",
  },
  {
    names: ["fitc", "fit-ctx"],
    instead: () =>
      "a case's context is what its test needs: use --n-depth N for a longer one, or --ctx N to ask what would fit",
  },
  { names: ["list-devices"], instead: () => `use ${toType("devices")}` },
  {
    names: ["hff", "hf-file"],
    instead: () => "name the file with its repository: --model hf:USER/REPO/FILE.gguf",
  },
  {
    names: ["hft", "hf-token"],
    instead: () => "a token doesn't belong on a command line: set HF_TOKEN in the environment",
  },
  {
    names: ["offline"],
    instead: () => "name the file on disk, --model FILE.gguf: nothing is downloaded then",
  },
  {
    names: ["oe", "output-err"],
    instead: () => `use --output FORMAT, and ${toType("report DIR --output FORMAT")} for another`,
  },
  {
    names: ["endpoint", "serve", "base-url"],
    instead: () =>
      "running servers aren't measured yet: --model FILE.gguf measures the same file in process",
  },
  {
    names: ["np", "npl", "parallel", "npp", "ntg"],
    instead: () =>
      `sequences side by side aren't measured yet: use -p N, -n N and --pg P,N for one, and ${toType("compare")} reads what llama-batched-bench prints`,
  },
];

/** Null for what nobody would know what to do with. */
export function insteadOf(name: string): string | null {
  return refused.find(({ names }) => names.includes(name))?.instead() ?? null;
}

/** For tests of the whole of llama-bench's command line. */
export const refusedNames: readonly string[] = refused.flatMap(({ names }) => names);
