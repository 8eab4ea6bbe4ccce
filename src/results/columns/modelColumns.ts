/** What was measured: the model, and the bytes that stood for it. */
import { z } from "zod";
import { weightsKinds } from "../../bench/weights.ts";
import { count, fieldsOf, made, oneOf, text } from "./column.ts";

const model = fieldsOf("model");

export const modelColumns = {
  model: made(
    // Every file of ours has the column.
    z.string().nullable(),
    ({ model: { id } }) => (id === "" ? null : id),
    "",
    "id in the catalogue, else the file's name in kebab case",
    "a test of the machine alone",
  ),
  model_type: model("type", text, "", "llama.cpp's description: `llama 7B Q4_0`", "never loaded"),
  model_filename: model(
    "file",
    text,
    "",
    "the GGUF file; the user's home folder as `~`",
    "no file was needed",
  ),
  model_sha256: model(
    "sha256",
    text,
    "",
    "SHA-256 of a real file; of a split model's files, that of their digests, a line each",
    "synthetic, or not tried",
  ),
  model_size: model("bytes", count, "bytes", "tensor data, as llama-bench counts it", "unknown"),
  model_n_params: model("parameters", count, "", "parameters", "never loaded"),
  quantization: model("quantization", text, "", "file type in lower case: `q4_k_m`", "unknown"),
  weights: model("weights", oneOf(weightsKinds), "", "`real` or `synthetic`", "unknown"),
  n_layers: model(
    "nLayers",
    count,
    "",
    "layers of the model, the output layer not counted",
    "unknown",
  ),
  header_of: model(
    "headerOf",
    text,
    "",
    "of synthetic weights that imitate another model: its file's name, or `hf:user/repo:QUANT`",
    "no such weights",
  ),
} as const;
