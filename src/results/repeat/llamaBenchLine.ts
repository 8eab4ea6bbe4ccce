/** The llama-bench command line that asks for the same as a case (tools/llama-bench, llama.cpp v0.4.0). */
import { shellWord } from "../../base/shellWord.ts";
import { commandWords, type Spelling } from "./commandWords.ts";
import { matrixTexts, repetitionsText, type SettingTexts } from "./settingTexts.ts";
import type { ImportedRow } from "../importResults.ts";

/** Defaults of the matrix and of `-r` are llama-bench's own. */
const spelling: Spelling = {
  flag: ({ llamaBench, aliases }) => `-${llamaBench[0] ?? aliases[0]}`,
  usual: ({ initial }) => initial,
};

/** @param texts of the matrix, and repetitions; `auto` has no word there: its default stands. */
export function llamaBenchCommand(file: string, texts: SettingTexts): string {
  const repetitions = texts.repetitions === "auto" ? null : (texts.repetitions ?? null);
  const words = commandWords({ ...texts, repetitions }, spelling);
  return ["llama-bench", "-m", shellWord(file), ...words].join(" ");
}

/** As the journal kept it, else made from the columns. */
export function llamaBenchLine(row: ImportedRow): string {
  if (row.llama_bench) return row.llama_bench;
  const name = row.quantization === null ? row.model : `${row.model}-${row.quantization}`;
  const repetitions = repetitionsText(row);
  return llamaBenchCommand(row.model_filename ?? `${name}.gguf`, {
    ...matrixTexts(row),
    repetitions,
  });
}
