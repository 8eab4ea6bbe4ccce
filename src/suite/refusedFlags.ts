/** Flags of llama-bench that have no meaning here, each with what to type instead (parse_cmd_params, llama.cpp v0.4.0). */
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
];

/** Null for what llama-bench doesn't take either. */
export function insteadOf(name: string): string | null {
  return refused.find(({ names }) => names.includes(name))?.instead() ?? null;
}

/** For tests of the whole of llama-bench's command line. */
export const refusedNames: readonly string[] = refused.flatMap(({ names }) => names);
