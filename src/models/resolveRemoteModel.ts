/** What a remote model is, by its header: enough to make synthetic weights behind it, with none of its own here. */
import { quantizationOf } from "../gguf/headerFacts.ts";
import { shapeOf } from "../gguf/shapeOfHeader.ts";
import { catalogue, type Catalogue } from "./catalogue.ts";
import { fileModelId } from "./fileModelId.ts";
import { isRemote } from "./hub/remoteSpec.ts";
import { remoteOriginal, type RemoteQuestion } from "./remoteOriginal.ts";
import { resolveModel, type FileModel, type ResolvedModel } from "./resolveModel.ts";

/** @throws LlmbenchError as remoteOriginal does */
async function resolveRemoteModel(
  question: RemoteQuestion,
  known: Catalogue = catalogue(),
): Promise<FileModel> {
  const remote = await remoteOriginal(question);
  const { gguf, name } = remote;
  return {
    kind: "file",
    spec: question.spec,
    path: name,
    id: fileModelId(gguf.files[0]?.path ?? name, gguf, known),
    gguf,
    quantization: quantizationOf(gguf) ?? null,
    shape: shapeOf(gguf) ?? null,
    remote,
  };
}

/** For weights that are made here a remote model's header is enough; else as resolveModel does. */
export async function resolveForWeights(
  spec: string,
  weights: "auto" | "real" | "synthetic",
  cacheDir: string,
): Promise<ResolvedModel> {
  return weights === "synthetic" && isRemote(spec)
    ? resolveRemoteModel({ spec, cacheDir })
    : resolveModel(spec);
}
