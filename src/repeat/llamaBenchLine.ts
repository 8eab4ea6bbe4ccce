/** The llama-bench command line that asks for the same as a case (tools/llama-bench, llama.cpp v0.4.0). */
import { shellWord } from "../base/shellWord.ts";
import type { CaseRecord } from "../bench/record.ts";
import { testName } from "../bench/workload.ts";
import { commandWords, type Spelling } from "./commandWords.ts";
import { matrixTexts, repetitionsText, rpcText, type SettingTexts } from "./settingTexts.ts";

/** Defaults of the matrix and of `-r` are llama-bench's own. */
const spelling: Spelling = {
  flag: ({ name, llamaBench, aliases }) => {
    const letters = llamaBench[0] ?? aliases.find((alias) => alias.length === 1);
    return letters === undefined ? `--${name}` : `-${letters}`;
  },
  usual: ({ initial }) => initial,
};

/** @param texts of the matrix, and repetitions; `auto` has no word there: its default stands. */
export function llamaBenchCommand(file: string, texts: SettingTexts): string {
  const repetitions = texts.repetitions === "auto" ? null : (texts.repetitions ?? null);
  const words = commandWords({ ...texts, repetitions }, spelling);
  return ["llama-bench", "-m", shellWord(file), ...words].join(" ");
}

/** As the journal kept it, else made of what the case tells; a comment alone says why there is no line. */
export function llamaBenchLine(record: CaseRecord): string {
  const { llamaBench, model, workload } = record;
  if (llamaBench) return llamaBench;
  const matrix = matrixTexts(record);
  if (matrix === null) return `# no llama-bench line: it has no test ${testName(workload)}`;
  const name = model.quantization === null ? model.id : `${model.id}-${model.quantization}`;
  const repetitions = repetitionsText(record);
  const rpc = rpcText(record.machine.servers);
  return llamaBenchCommand(model.file ?? `${name}.gguf`, { ...matrix, repetitions, rpc });
}
