/** The catalogue with the size of each quantization, as text and as JSON. */
import { formatBytes } from "../base/bytes.ts";
import { LlmbenchError } from "../errors.ts";
import { quantizationNames, type Quantization } from "../gguf/quantizations.ts";
import {
  activeParameterCount,
  parameterCount,
  tensorDataBytes,
  tensorTable,
} from "../gguf/tensorTable.ts";
import { catalogue } from "../models/catalogue.ts";
import type { ModelDescription } from "../models/modelDescription.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { tensorTypesOf } from "../models/syntheticTypes.ts";
import { inColumns, type TextColumn } from "../base/columns.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

export interface ListedModel {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly architecture: string;
  readonly n_params: number;
  /** What one token goes through: fewer than all in a mixture of experts. */
  readonly n_params_active: number;
  readonly n_layers: number;
  readonly n_ctx_train: number;
  /** `weights_bytes` is the CSV's: tensor data alone. */
  readonly quantizations: readonly { readonly quantization: Quantization; weights_bytes: number }[];
  readonly sources: ModelDescription["sources"];
}

/**
 * The catalogue, each model at the quantizations worth comparing; or the models that are named, at all that there are.
 * @throws LlmbenchError `usage` for a model that is no description.
 */
export async function listModels(specs: readonly string[]): Promise<readonly ListedModel[]> {
  const all = specs.length > 0;
  const described = all ? specs.map(describedModel) : catalogue().models;
  const questions = new TensorTypeQuestions();
  try {
    const listed: ListedModel[] = [];
    for (const model of described) listed.push(await listModel(model, all, questions));
    return listed;
  } finally {
    await questions.close();
  }
}

function describedModel(spec: string): ModelDescription {
  const model = resolveModel(spec);
  if (model.kind !== "file") return model.description;
  throw new LlmbenchError(
    "usage",
    `${spec} is a file: it has one quantization, ${model.quantization}`,
  );
}

async function listModel(
  model: ModelDescription,
  all: boolean,
  questions: TensorTypeQuestions,
): Promise<ListedModel> {
  const { id, name, aliases, shape, sources } = model;
  const table = tensorTable(shape);
  const quantizations: { quantization: Quantization; weights_bytes: number }[] = [];
  // One after the other, as the child answers.
  for (const quantization of all ? quantizationNames : model.quantizations) {
    const types = await tensorTypesOf(questions.question(shape, quantization));
    quantizations.push({ quantization, weights_bytes: tensorDataBytes(table, types) });
  }
  return {
    id,
    name,
    aliases,
    architecture: shape.architecture,
    n_params: parameterCount(shape),
    n_params_active: shape.experts ? activeParameterCount(shape) : parameterCount(shape),
    n_layers: shape.n_layers,
    n_ctx_train: shape.n_ctx_train,
    quantizations: quantizations.sort((a, b) => a.weights_bytes - b.weights_bytes),
    sources,
  };
}

const modelColumns: readonly TextColumn[] = [
  { heading: "model" },
  { heading: "also", spare: 3 },
  { heading: "parameters", align: "right" },
  { heading: "layers", align: "right", spare: 2 },
  { heading: "context", align: "right", spare: 1 },
  { heading: "weights by quantization" },
];

/** @param width of a line, in characters */
export function modelTable(models: readonly ListedModel[], width = Infinity): string {
  return inColumns(
    modelColumns,
    models.map(({ id, aliases, n_layers, n_ctx_train, quantizations, ...model }) => [
      id,
      aliases.join(", "),
      parameters(model),
      String(n_layers),
      String(n_ctx_train),
      quantizations
        .map(({ quantization, weights_bytes }) => `${quantization} ${formatBytes(weights_bytes)}`)
        .join(" · "),
    ]),
    width,
  );
}

const sheetColumns: readonly TextColumn[] = [
  { heading: "quantization" },
  { heading: "weights", align: "right" },
  { heading: "bits per weight", align: "right" },
];

/** One model, a quantization a line. */
export function modelSheet({ id, name, quantizations, ...model }: ListedModel): string {
  const { n_params } = model;
  const rows = quantizations.map(({ quantization, weights_bytes }) => [
    quantization,
    formatBytes(weights_bytes),
    ((8 * weights_bytes) / n_params).toFixed(2),
  ]);
  const columns = inColumns(sheetColumns, rows);
  return `${name} (${id}), ${parameters(model)} parameters\n${columns}`;
}

type Parameters = Pick<ListedModel, "n_params" | "n_params_active">;

/** Of a mixture of experts both: all decide about memory, the active ones about speed. */
function parameters({ n_params, n_params_active }: Parameters): string {
  const all = inBillions(n_params);
  return n_params_active === n_params ? all : `${all} (${inBillions(n_params_active)} active)`;
}

function inBillions(count: number): string {
  return count < 1e8 ? `${(count / 1e6).toFixed(1)} M` : `${(count / 1e9).toFixed(2)} B`;
}
