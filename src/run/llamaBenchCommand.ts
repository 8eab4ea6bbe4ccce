/** The llama-bench command line that asks for the same as a case (tools/llama-bench, llama.cpp v0.4.0). */
import { withoutHome } from "../base/homePath.ts";
import type { BenchCase } from "../plan/plan.ts";
import type { CaseSettings } from "../suite/caseSettings.ts";

/** @param repetitions `auto` has no word there: its default stands */
export function llamaBenchCommand(
  { variant, settings }: BenchCase,
  repetitions: number | "auto",
): string {
  const words = [
    ["-m", shellWord(variant.source.path)],
    ...workloadFlags(settings),
    ...(repetitions === "auto" ? [] : [["-r", repetitions]]),
    ["-t", settings.context.nThreads],
    ...contextFlags(settings),
    ...placementFlags(settings),
  ];
  return ["llama-bench", ...words.flat()].join(" ");
}

type Flags = (string | number)[][];

function workloadFlags({ workload: { nPrompt, nGen, nDepth } }: CaseSettings): Flags {
  const both = nPrompt > 0 && nGen > 0;
  const tests = both
    ? [
        ["-p", 0],
        ["-n", 0],
        ["-pg", `${nPrompt},${nGen}`],
      ]
    : [
        ["-p", nPrompt],
        ["-n", nGen],
      ];
  return nDepth > 0 ? [...tests, ["-d", nDepth]] : tests;
}

function contextFlags({ context }: CaseSettings): Flags {
  return [
    ["-b", context.nBatch],
    ["-ub", context.nUbatch],
    ["-fa", context.flashAttn],
    ["-ctk", context.typeK],
    ["-ctv", context.typeV],
    ...(context.noKvOffload ? [["-nkvo", 1]] : []),
  ];
}

/** Left out where it is llama-bench's default; `auto` has no word there and means what was resolved. */
function placementFlags({ placement }: CaseSettings): Flags {
  const { gpuLayers, splitMode, mainGpu, tensorSplit, nCpuMoe, loadMode } = placement;
  return [
    ...(typeof gpuLayers === "number" ? [["-ngl", gpuLayers]] : []),
    ...(splitMode === "layer" ? [] : [["-sm", splitMode]]),
    ...(mainGpu === 0 ? [] : [["-mg", mainGpu]]),
    ...(tensorSplit.length === 0 ? [] : [["-ts", tensorSplit.join("/")]]),
    ...(nCpuMoe === 0 ? [] : [["-ncmoe", nCpuMoe]]),
    ...(loadMode === "auto" ? [] : [["-lm", loadMode]]),
  ];
}

/** A shell puts the home folder in place of `~` where that isn't quoted. */
function shellWord(path: string): string {
  const [, home = "", rest = ""] = /^(~[/\\])?(.*)$/su.exec(withoutHome(path)) ?? [];
  const plain = /^[\w@%+=:,./-]*$/u.test(rest);
  return home + (plain ? rest : `'${rest.replaceAll("'", `'\\''`)}'`);
}
