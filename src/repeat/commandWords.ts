/** Settings as words of a command line, spelled as the table of flags has them. */
import { shellWord } from "../base/shellWord.ts";
import type { Flag } from "../flags/flag.ts";
import { flagKeys, flagOf, type FlagKey } from "../suite/flags.ts";
import { isSwitch, meaningOf } from "./flagMeaning.ts";
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

/** Whether the flag reads the text as this value. */
function means(flag: Flag<unknown>, text: string | number, value: unknown): boolean {
  const meaning = meaningOf(flag, text);
  return meaning.kind === "value" && meaning.json === JSON.stringify(value);
}
