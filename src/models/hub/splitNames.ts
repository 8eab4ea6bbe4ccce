/** Names of split models' files, `NAME-00001-of-00003.gguf` (llama_split_path, src/llama.cpp, v0.4.0). */
import { headerLimits } from "../../gguf/headerLimits.ts";

const splitName = /-(\d{5})-of-(\d{5})(?=\.gguf$)/i;

/** Without the part's number: equal for all files of one set. */
export function setName(path: string): string {
  return path.replace(splitName, "");
}

/** Names of all files of the set that `path` belongs to; itself alone where it isn't split. */
export function splitSet(path: string): readonly string[] {
  const count = Number(splitName.exec(path)?.[2] ?? 1);
  if (count <= 1 || count > headerLimits.shards) return [path];
  return Array.from({ length: count }, (_, i) =>
    path.replace(splitName, `-${five(i + 1)}-of-${five(count)}`),
  );
}

function five(n: number): string {
  return String(n).padStart(5, "0");
}
