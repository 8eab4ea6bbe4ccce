/** Further parameters as a list of texts: `no_op_offload=1`. */
import type { OtherSettings } from "../bench/record.ts";

export function otherSettingTexts(others: OtherSettings): string[] {
  return Object.entries(others).map(([name, value]) => `${name}=${value}`);
}

const none: OtherSettings = {};

/** The name ends at the first `=`. */
export function otherSettingsOf(texts: readonly string[]): OtherSettings {
  if (texts.length === 0) return none;
  return Object.fromEntries(
    texts.map((text) => {
      const [name = "", ...value] = text.split("=");
      return [name, value.join("=")];
    }),
  );
}
