/** Foreign texts as what came of them: a line a case, the rows counted. */
import { testName } from "../../../src/bench/workload.ts";
import type { ImportContext } from "../../../src/results/importCase.ts";
import { importForeign } from "../../../src/results/foreign/importForeign.ts";

export const context: ImportContext = {
  fallbackMachine: "paste",
  knownModels: [{ id: "llama-2-7b", nParams: 6_738_415_616, nLayers: 32 }],
};

/** @throws where nothing can be read of it */
export function reading(text: string) {
  const found = importForeign(text, "paste.md", context);
  if (found === null) throw new Error("nobody's");
  const { cases, read, leftOut, tools } = found;
  const records = cases.map(({ record }) => record);
  const told = records.map(({ machine, engine, model, workload, ...rest }) => ({
    machine: machine.name,
    gpu: machine.gpu,
    build: engine.commit,
    backend: engine.backend,
    engine: engine.name,
    model: model.id,
    quantization: model.quantization,
    test: testName(workload),
    kind: workload.kind,
    speed: rest.status === "measured" ? rest.summary.mean : null,
    gpuLayers: rest.settings.gpuLayers,
  }));
  return { told, read, leftOut, tools };
}

export const header = `| model                          |       size |     params | backend    | ngl |            test |                  t/s |
| ------------------------------ | ---------: | ---------: | ---------- | --: | --------------: | -------------------: |
`;

export function row(backend = "CUDA", test = "tg128", speed = "186.00 ± 0.10"): string {
  return `| llama 7B Q4_0                  |   3.56 GiB |     6.74 B | ${backend} |  99 | ${test} | ${speed} |\n`;
}

export function table(
  backend = "CUDA",
  ...rows: (readonly [test: string, speed: string])[]
): string {
  const bodies = rows.length === 0 ? [row(backend)] : rows.map((one) => row(backend, ...one));
  return header + bodies.join("");
}

export function build(commit: string): string {
  return `\nbuild: ${commit} (7900)\n`;
}

export function cuda(...names: readonly string[]): string {
  const lines = names.map(
    (name, at) => `  Device ${at}: ${name}, compute capability 8.9, VMM: yes\n`,
  );
  return `ggml_cuda_init: found ${names.length} CUDA devices:\n${lines.join("")}`;
}
