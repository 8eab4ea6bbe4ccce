/** Names of models as hubs, converters and people write them, brought to the words that tell one model from another. */

/** Words that tell no model: who publishes it, what it was tuned for, formats, how it was quantized. */
const decoration = new Set(
  [
    "meta mistralai qwen google openai nvidia zai org thudm unsloth bartowski",
    "lmstudio community mradermacher thebloke instruct chat base it pt thinking model",
    "hf gguf ggml imatrix imat i1 qat ud",
  ].flatMap((names) => names.split(" ")),
);

/** A quantization at the end, with what stands before it on some hubs: `-UD-Q4_K_XL`, `.i1-IQ3_XXS`, `-mxfp4`. */
const quantizationEnd = /[-._ ](ud[-_])?(i?q\d\w*|b?f16|f32|(mx|nv)fp4\w*)$/i;

/** Before the ending of each file of a split model. */
const shardEnd = /-\d{5}-of-\d{5}$/;

/** A file's name without folder, shard number, ending and quantization. */
export function fileStem(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  return name
    .replace(/\.gguf$/i, "")
    .replace(shardEnd, "")
    .replace(quantizationEnd, "");
}

/** `Meta-Llama-3.1-8B-Instruct-Q4_K_M` and `unsloth_llama-3.1-8b` are both `llama 3.1 8b`. */
export function bareName(name: string): string {
  return wordsOf(name.replace(quantizationEnd, "").replaceAll(/(?<=\d)_(?=\d)/g, "."))
    .filter((word) => !decoration.has(word) && !isRelease(word))
    .join(" ");
}

/** Months and versions of checkpoints of one shape: `2507`, `v0.3`. */
function isRelease(word: string): boolean {
  return /^(\d{4}|v\d+\.\d+)$/.test(word);
}

export function kebabCase(name: string): string {
  return wordsOf(name).join("-");
}

/** Runs of letters and digits, and dots between digits. */
function wordsOf(name: string): string[] {
  return name.toLowerCase().match(/[\p{L}\p{N}]+(?:(?<=\d)\.(?=\d)[\p{L}\p{N}]+)*/gu) ?? [];
}
