/** Settings that llama.cpp resolved other than the user asked; what was left to it can't differ. */
import type { CaseFacts } from "../bench/record.ts";
import { warning, type Warning } from "../bench/warnings.ts";
import type { CaseSettings, GpuLayers } from "../bench/settings.ts";

/** As far as this looks. */
interface Resolved {
  readonly model: Pick<CaseFacts["model"], "nLayers">;
  readonly settings: Pick<CaseFacts["settings"], "flashAttn" | "gpuLayers" | "loadMode">;
}

/** One warning for all of them; none where all is as asked, or not known. */
export function resolvedOtherwise(
  { context, placement }: CaseSettings,
  { model, settings }: Resolved,
): Warning[] {
  const differing = [
    ...differs("flash attention", flashAttnOf(context.flashAttn), settings.flashAttn, onOff),
    ...differs(
      "layers on the device",
      layersOf(placement.gpuLayers, model.nLayers),
      settings.gpuLayers,
    ),
    ...differs(
      "load mode",
      placement.loadMode === "auto" ? null : placement.loadMode,
      settings.loadMode,
    ),
  ];
  return differing.length === 0 ? [] : [warning("resolved_otherwise", differing.join(", "))];
}

/** Null where anything will do. */
function flashAttnOf(asked: CaseSettings["context"]["flashAttn"]): boolean | null {
  return asked === "auto" ? null : asked === "on";
}

/** What a number asks of a model with fewer layers, or `max`, is all of them and the output layer. */
function layersOf(asked: GpuLayers, nLayers: number | null): number | null {
  if (asked === "auto" || nLayers === null) return null;
  return asked === "max" ? nLayers + 1 : Math.min(asked, nLayers + 1);
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}

function differs<Value extends number | string | boolean>(
  what: string,
  asked: Value | null,
  resolved: Value | null,
  show: (value: Value) => string = String,
): string[] {
  if (asked === null || resolved === null || asked === resolved) return [];
  return [`${what} ${show(resolved)} where ${show(asked)} was asked`];
}
