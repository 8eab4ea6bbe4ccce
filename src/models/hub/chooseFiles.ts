/** Which files of a repository a spec means. */
import { didYouMean } from "../../base/suggest.ts";
import { LlmbenchError } from "../../errors.ts";
import { typedQuantization } from "../../gguf/quantizations.ts";
import type { ListedFile } from "./hubListing.ts";
import type { RemoteSpec } from "./remoteSpec.ts";
import { setName, splitSet } from "./splitNames.ts";

type HubSpec = Extract<RemoteSpec, { kind: "hub" }>;

/** What llama.cpp and Ollama take of a repository where nothing is said. */
const usualQuantization = "q4_k_m";

/** What publishers write for llmbench's names. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  f16: ["fp16"],
  mxfp4_moe: ["mxfp4"],
};

/**
 * The files of one model, in the order of their parts.
 *
 * @param quantization asked for beside the spec, as `--quant`
 * @throws LlmbenchError `usage` where none, or more than one, is meant; `network` where a part is missing.
 */
export function chooseFiles(
  spec: HubSpec,
  listed: readonly ListedFile[],
  quantization: string | null,
): readonly ListedFile[] {
  const page = `hf:${spec.repo}`;
  const files = listed.filter(({ path }) => isLanguageModel(path));
  const [first] = files;
  if (first === undefined) {
    throw new LlmbenchError(
      "usage",
      `${page}: the repository has no .gguf files; look for one whose name ends in -GGUF`,
    );
  }
  const path = spec.file ?? firstOfSet(spec, files, spec.quantization ?? quantization);
  return splitSet(path).map((name) => {
    const found = files.find((file) => file.path === name);
    if (found !== undefined) return found;
    if (spec.file === null || splitSet(path).length > 1) {
      throw new LlmbenchError(
        "network",
        `${page}: ${name}, a part of the model, is missing from the repository; choose another quantization`,
      );
    }
    const names = files.map((file) => file.path);
    throw new LlmbenchError(
      "usage",
      `${page}: there is no file ${name}${didYouMean(name, names)}; ${page}:QUANT picks one by its quantization: ${labelsOf(names)}`,
    );
  });
}

/** Projectors of vision models and importance matrices end in .gguf too. */
export function isLanguageModel(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return !/^mmproj|[-._]mmproj|imatrix(\.gguf)?$/i.test(name);
}

function firstOfSet(spec: HubSpec, files: readonly ListedFile[], asked: string | null): string {
  const sets = [...new Set(files.map(({ path }) => setName(path)))];
  const only = sets.length === 1 && asked === null ? sets[0] : undefined;
  const label = asked ?? usualQuantization;
  const known = typedQuantization(label);
  const named = [label, ...(known === undefined ? [] : [known, ...(otherNames[known] ?? [])])];
  const ending =
    only === undefined
      ? (named.map((name) => matching(sets, name)).find((found) => found.length > 0) ?? [])
      : [only];
  const [chosen, other] = ending;
  const page = `hf:${spec.repo}`;
  if (chosen === undefined) {
    const problem = asked === null ? "no quantization was named" : `it has no ${label}`;
    throw new LlmbenchError(
      "usage",
      `${page}: ${problem}; add one of these behind a colon, or as --quant: ${labelsOf(sets)}`,
    );
  }
  if (other !== undefined) {
    throw new LlmbenchError(
      "usage",
      `${page}:${label} means ${ending.length} models; name one: ${ending.map((name) => `${page}/${partOf(name, files)}`).join(", ")}`,
    );
  }
  return partOf(chosen, files);
}

function partOf(set: string, files: readonly ListedFile[]): string {
  return (
    files
      .map(({ path }) => path)
      .filter((path) => setName(path) === set)
      .sort()[0] ?? set
  );
}

/** Names that end in the label; of several the one that has no further mark before it (`UD-Q4_K_M`). */
function matching(sets: readonly string[], label: string): readonly string[] {
  const found = sets.filter((set) => endingOf(set, label) !== null);
  if (found.length < 2) return found;
  const plain = found.filter((set) => !/[-._](ud|i1|imat)$/i.test(endingOf(set, label) ?? ""));
  return plain.length > 0 ? plain : found;
}

/** What stands before the label; null where the name doesn't end in it. */
function endingOf(set: string, label: string): string | null {
  const stem = set.slice(set.lastIndexOf("/") + 1).replace(/\.gguf$/i, "");
  const rest = stem.slice(0, -label.length);
  const ends = stem.toLowerCase().endsWith(label.toLowerCase());
  return ends && (rest === "" || /[-._]$/.test(rest)) ? rest.slice(0, -1) : null;
}

/** `Q4_0, Q4_K_M, UD-Q2_K_XL`: ends of names as publishers write them. */
function labelsOf(names: readonly string[]): string {
  const labels = names.map((name) => {
    const stem = setName(name)
      .replace(/^.*\//, "")
      .replace(/\.gguf$/i, "");
    return (
      /(?:^|[-._])((?:UD-)?(?:I?Q\d\w*|T?BF?F?\d\w*|FP?\d\w*|MXFP4\w*))$/i.exec(stem)?.[1] ?? stem
    );
  });
  return [...new Set(labels)].sort().join(", ");
}
