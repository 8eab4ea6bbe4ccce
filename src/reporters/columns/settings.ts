/** Settings that a matrix can vary, with llama-bench's headings and defaults. */
import type { CaseRecord } from "../../bench/record.ts";
import { isOfMachine } from "../../bench/workload.ts";
import { otherSettingTexts } from "../../results/otherSettings.ts";
import { show, type Fact, type ReportColumn } from "./column.ts";

/** Unknown is no difference: a case that didn't run resolved nothing. */
function differs(
  cases: readonly CaseRecord[],
  fact: Fact,
  initial: string | number | null,
): boolean {
  let seen = initial;
  // Without lists: of 100,000 cases each column asks.
  for (const record of cases) {
    const value = fact(record);
    if (value === null || value === seen) continue;
    if (seen !== null) return true;
    seen = value;
  }
  return false;
}

/** A fact that is shown where cases differ in it, or one of them has it other than llama-bench's default. */
export function setting(
  heading: string,
  fact: Fact,
  initial: string | number | null = null,
): ReportColumn {
  return {
    heading,
    align: "right",
    text: (record) => show(fact(record)),
    isNeeded: (cases) => differs(cases, fact, initial),
  };
}

/** A switch as llama-bench prints it. */
function switched(on: boolean | null): number | null {
  return on === null ? null : Number(on);
}

/** Tests of the machine alone have no layers. */
function isOnGpu(cases: readonly CaseRecord[]): boolean {
  return cases.some(
    ({ engine, workload }) =>
      engine.backend !== null && engine.backend !== "cpu" && !isOfMachine(workload),
  );
}

export const settingColumns: readonly ReportColumn[] = [
  { ...setting("ngl", ({ settings }) => settings.gpuLayers), isNeeded: isOnGpu },
  setting("ncmoe", ({ settings }) => settings.nCpuMoe, 0),
  { ...setting("threads", ({ settings }) => settings.nThreads), isNeeded: () => true },
  setting("n_batch", ({ settings }) => settings.nBatch, 2048),
  setting("n_ubatch", ({ settings }) => settings.nUbatch, 512),
  setting("type_k", ({ settings }) => settings.typeK, "f16"),
  setting("type_v", ({ settings }) => settings.typeV, "f16"),
  setting("mg", ({ settings }) => settings.mainGpu, 0),
  setting("sm", ({ settings }) => settings.splitMode, "layer"),
  setting("nkvo", ({ settings }) => switched(settings.noKvOffload), 0),
  setting("dev", ({ settings }) => settings.devices ?? "auto", "auto"),
  setting("ot", ({ settings }) => settings.tensorOverrides ?? "none", "none"),
  setting("fa", ({ settings }) => switched(settings.flashAttn)),
  setting("ts", ({ settings }) => settings.tensorSplit, "0.00"),
  setting("lm", ({ settings }) => settings.loadMode),
  setting("others", ({ settings }) => otherSettingTexts(settings.others).join(" "), ""),
];
