/** What a flag reads of a text. Rows of a file share most of their texts, and each is read once. */
import { getOrMake } from "../base/getOrMake.ts";
import { ValueMismatch, type Flag } from "../flags/flag.ts";
import type { SettingText } from "./settingTexts.ts";

/** A word that a llama.cpp of another time has is refused. */
export type Meaning =
  | { readonly kind: "value"; readonly json: string }
  | { readonly kind: "refused"; readonly why: string };

const known = new WeakMap<Flag<unknown>, Map<SettingText, Meaning>>();

/** Of which its name alone is typed, where a text says that it is on. */
export function isSwitch({ argument }: Flag<unknown>): boolean {
  return argument === null;
}

export function meaningOf(flag: Flag<unknown>, text: SettingText): Meaning {
  const texts = getOrMake(known, flag, () => new Map<SettingText, Meaning>());
  return getOrMake(texts, text, () => readMeaning(flag, String(text)));
}

function readMeaning(flag: Flag<unknown>, text: string): Meaning {
  try {
    return { kind: "value", json: JSON.stringify(flag.read([isSwitch(flag) ? true : text])) };
  } catch (error) {
    if (error instanceof ValueMismatch) return { kind: "refused", why: error.message };
    throw error;
  }
}
