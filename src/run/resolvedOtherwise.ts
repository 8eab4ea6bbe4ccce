/** Settings that llama.cpp resolved other than the user asked; what was left to it can't differ. */
import type { CaseResult } from "../results/caseResult.ts";
import { warning } from "../results/warnings.ts";
import type { CaseSettings, GpuLayers } from "../suite/caseSettings.ts";

type Resolved = Pick<CaseResult, "flash_attn" | "n_gpu_layers" | "n_layers" | "load_mode">;

/** One warning for all of them; none where all is as asked, or not known. */
export function resolvedOtherwise({ context, placement }: CaseSettings, row: Resolved): string[] {
  const differing = [
    ...differs("flash attention", flashAttnOf(context.flashAttn), row.flash_attn, onOff),
    ...differs(
      "layers on the device",
      layersOf(placement.gpuLayers, row.n_layers),
      row.n_gpu_layers,
    ),
    ...differs(
      "load mode",
      placement.loadMode === "auto" ? null : placement.loadMode,
      row.load_mode,
    ),
  ];
  return differing.length === 0 ? [] : [warning("resolved_otherwise", differing.join(", "))];
}

/** Null where anything will do. */
function flashAttnOf(asked: CaseSettings["context"]["flashAttn"]): number | null {
  return asked === "auto" ? null : Number(asked === "on");
}

/** What a number asks of a model with fewer layers, or `max`, is all of them and the output layer. */
function layersOf(asked: GpuLayers, nLayers: number | null): number | null {
  if (asked === "auto" || nLayers === null) return null;
  return asked === "max" ? nLayers + 1 : Math.min(asked, nLayers + 1);
}

function onOff(value: number | string): string {
  return value === 1 ? "on" : "off";
}

function differs<Value extends number | string>(
  what: string,
  asked: Value | null,
  resolved: Value | null,
  show: (value: Value) => string = String,
): string[] {
  if (asked === null || resolved === null || asked === resolved) return [];
  return [`${what} ${show(resolved)} where ${show(asked)} was asked`];
}
