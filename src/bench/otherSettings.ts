/** Settings that a record keeps among its others, where they aren't the usual ones, by llama-bench's names. */
import type { OtherSettings } from "./record.ts";
import { usualContext, usualPlacement, type CaseSettings, type SettingName } from "./settings.ts";

const names = {
  lazyMode: "lazy_mode",
  noHost: "no_host",
  noOpOffload: "no_op_offload",
  embeddings: "embeddings",
  numa: "numa",
  priority: "prio",
  cpuMask: "cpu_mask",
  cpuStrict: "cpu_strict",
  poll: "poll",
} as const satisfies Partial<Record<SettingName, string>>;

export type OtherSettingName = keyof typeof names;

const keys = Object.keys(names) as OtherSettingName[];

/** Switches as 1 and 0. */
function textOf(value: string | number | boolean): string {
  return String(typeof value === "boolean" ? Number(value) : value);
}

const usual = { ...usualPlacement, ...usualContext };

export function otherSettingsOf({ placement, context }: CaseSettings): OtherSettings {
  const settings = { ...placement, ...context };
  return Object.fromEntries(
    keys
      .filter((key) => settings[key] !== usual[key])
      .map((key) => [names[key], textOf(settings[key])]),
  );
}

/** What a record tells of one, in words that the setting's flag takes; the usual value where it tells nothing. */
export function otherSetting(others: OtherSettings, key: OtherSettingName): string {
  return others[names[key]] ?? textOf(usual[key]);
}
