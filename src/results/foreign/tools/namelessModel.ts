/** The model of a tool whose rows don't name it, by the command line and the log above them. */
import { quantizationNames, quantizations } from "../../../gguf/quantizations.ts";
import type { Fields } from "../found.ts";
import type { Around } from "../runs.ts";

const modelFlags: ReadonlySet<string> = new Set(["-m", "--model", "-hf", "--hf-repo"]);

const nameless = "model-not-named-in-";

export function isNameless({ model_type }: Fields): boolean {
  return typeof model_type === "string" && model_type.startsWith(nameless);
}

/** As llama-bench's fields. A model that nothing names is one by itself: it is never another file's. */
export function modelFields(around: Around): Fields {
  const { model, command, source } = around;
  const file = namedIn(command) ?? model.file ?? null;
  const description = [model.arch, model.type, model.fileType].filter(Boolean).join(" ");
  const sizes = { model_size: scaled(model.size), model_n_params: scaled(model.params) };
  if (file === null && description === "")
    return { ...sizes, model_filename: null, model_type: `${nameless}${source}` };
  return {
    ...sizes,
    model_filename: file,
    model_type: description === "" ? describedByName(file ?? "") : description,
  };
}

function namedIn(command: readonly string[]): string | null {
  const at = command.findIndex((word) => modelFlags.has(word));
  const named = at === -1 ? undefined : command[at + 1];
  // A shell's variable, which the text doesn't tell.
  return named === undefined || /[$%]/u.test(named) ? null : named;
}

/** llama.cpp's word for the type that stands last in a file's name. */
function describedByName(file: string): string {
  const stem = file.replace(/\.gguf$/iu, "").replace(/-\d{5}-of-\d{5}$/u, "");
  const word = /[-._:]([a-z]*\d[\w]*|f16|bf16|f32)$/iu.exec(stem)?.[1]?.toLowerCase();
  const name = quantizationNames.find((known) => known === word);
  return name === undefined ? stem : `${stem} ${quantizations[name].label}`;
}

const factors: Readonly<Record<string, number>> = {
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  K: 1e3,
  M: 1e6,
  B: 1e9,
  T: 1e12,
};

function scaled(text: string | undefined): number | null {
  const [, number, unit = ""] = /^([\d.]+) (\w+)/u.exec(text ?? "") ?? [];
  const factor = factors[unit];
  return number === undefined || factor === undefined ? null : Math.round(Number(number) * factor);
}
