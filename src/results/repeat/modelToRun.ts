/** What `--model` has to say to measure a row's model again. */
import { quantizationNames } from "../../gguf/quantizations.ts";
import { catalogue } from "../../models/catalogue.ts";
import type { ModelDescription } from "../../models/modelDescription.ts";
import { isRemote } from "../../models/hub/remoteSpec.ts";
import type { CaseRow } from "../caseResult.ts";

export interface ModelToRun {
  readonly spec: string;
  /** Null where the file has its own. */
  readonly quantization: string | null;
  /** Null where the file tells them. */
  readonly weights: CaseRow["weights"];
  /** Null for a file. */
  readonly description: ModelDescription | null;
}

type Row = Pick<CaseRow, "model" | "quantization" | "weights" | "model_filename" | "header_of">;

/**
 * The catalogue's model; the file, where it isn't one of the catalogue's; else another of its shape. A string says why
 * there is none.
 * @param twins names of models of one shape with the row's, whose speeds stand for its own.
 */
export function modelToRun(row: Row, twins: readonly string[]): ModelToRun | string {
  if (row.header_of !== null) return imitated(row.header_of) ?? fileOf(row) ?? noFile(row);
  const { quantization } = row;
  if (!quantizationNames.some((name) => name === quantization))
    return (
      fileOf(row) ??
      (quantization === null
        ? `the quantization of ${row.model} isn't known`
        : `llmbench makes no ${quantization}, and the file isn't known`)
    );
  return described(row, row.model) ?? fileOf(row) ?? firstOf(row, twins) ?? noFile(row);
}

/** On a hub; of one on disk the imitation itself is the only file whose place is known. */
function imitated(spec: string): ModelToRun | null {
  if (!isRemote(spec)) return null;
  return { spec, quantization: null, weights: "synthetic", description: null };
}

function described({ quantization, weights }: Row, name: string): ModelToRun | null {
  const description = catalogue().find(name);
  return description === undefined
    ? null
    : { spec: description.id, quantization, weights, description };
}

function firstOf(row: Row, names: readonly string[]): ModelToRun | null {
  return names.map((name) => described(row, name)).find((model) => model !== null) ?? null;
}

/** The file says itself whether its weights are synthetic; asking for such of it would imitate it. */
function fileOf({ model_filename: file, weights }: Row): ModelToRun | null {
  if (file === null || !/^[^-,][^,]*\.gguf$/i.test(file)) return null;
  return {
    spec: file,
    quantization: null,
    weights: weights === "real" ? "real" : null,
    description: null,
  };
}

function noFile({ model }: Row): string {
  return `llmbench knows no model ${model}, and its file isn't known`;
}
