/** Settings as words of a command line, spelled as the table of flags has them. */
import { shellWord } from "../base/shellWord.ts";
import { ValueMismatch, type Flag } from "../flags/flag.ts";
import { flagKeys, flagOf, type FlagKey } from "../suite/flags.ts";
import type { SettingTexts } from "./settingTexts.ts";

export interface Spelling {
  /** With its dashes. */
  readonly flag: (flag: Flag<unknown>, key: FlagKey) => string;
  /** What the program does where the flag isn't given. */
  readonly usual: (flag: Flag<unknown>, key: FlagKey) => unknown;
}

/** Which of the two tests runs is read from both. */
const alwaysSaid: ReadonlySet<FlagKey> = new Set(["nPrompt", "nGen"]);

/** What is unknown, and what is usual, is left out. */
export function commandWords(texts: SettingTexts, { flag: spell, usual }: Spelling): string[] {
  return flagKeys.flatMap((key) => {
    const text = texts[key] ?? null;
    const flag = flagOf(key);
    if (text === null || (!alwaysSaid.has(key) && means(flag, text, usual(flag, key)))) return [];
    return isSwitch(flag) ? [spell(flag, key)] : [spell(flag, key), shellWord(String(text))];
  });
}

/** Of which its name alone is typed, where a text says that it is on. */
function isSwitch({ argument }: Flag<unknown>): boolean {
  return argument === null;
}

/** What the flag reads of a text. @throws {ValueMismatch} */
export function readText(flag: Flag<unknown>, text: string | number): unknown {
  return flag.read([isSwitch(flag) ? true : String(text)]);
}

/** Whether the flag reads the text as this value. */
function means(flag: Flag<unknown>, text: string | number, value: unknown): boolean {
  try {
    return JSON.stringify(readText(flag, text)) === JSON.stringify(value);
  } catch (error) {
    // A word that a llama.cpp of another time has.
    if (error instanceof ValueMismatch) return false;
    throw error;
  }
}
