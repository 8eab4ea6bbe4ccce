/**
 * What the scripts of this repository stand on beside the public API (index.ts). It changes with any version, and nobody
 * else should import it.
 */

// What is measured and planned.
export { gpuDevices } from "./bench/gpuDevices.ts";
export { ownValues } from "./bench/metrics.ts";
export { readingNames, readings } from "./bench/readings.ts";
export { autoLaunches } from "./bench/repetitions.ts";
export { contextTokens, ownMetric, repetitionTokens } from "./bench/workload.ts";
export type { BenchCase } from "./plan/benchCase.ts";
export { isTried } from "./plan/caseMemory.ts";
export { variantOf, type WeightsContext } from "./plan/variant.ts";
export { prepareRun } from "./run/prepareRun.ts";
export { orderOf } from "./usecases/order.ts";

// Engines and memory.
export { askMemoryOf } from "./engines/llamacpp/askMemoryOf.ts";
export { askThrough } from "./engines/llamacpp/askTensorTypes.ts";
export { ChildFailure } from "./engines/child/childFailure.ts";
export { namedLibraries } from "./engines/llamacpp/libraries.ts";
export { measureLink } from "./engines/llamacpp/rpc/measureLink.ts";
export { compileLibrary } from "./engines/llamacpp/rpc/compileLibrary.ts";
export { rpcLibrary, shippedLibrary } from "./engines/llamacpp/rpc/library.ts";
export { LlamaChild } from "./engines/llamacpp/llamaChild.ts";
export { openEngine } from "./engines/llamacpp/engine.ts";
export type { FoundEngine } from "./engines/llamacpp/reopenEngine.ts";
export { openRoof, type RoofQuestion } from "./engines/llamacpp/roof/openRoof.ts";
export { productInputs } from "./engines/llamacpp/roof/matmulShape.ts";
export { readMatrix } from "./engines/llamacpp/roof/readShape.ts";
export { withEngine } from "./engines/registry.ts";
export { attentionCacheBytes, stateBytes } from "./fit/caches/cacheBytes.ts";
export { fileMemoryModel } from "./fit/fileMemoryModel.ts";
export { hostTraits } from "./fit/hostTraits.ts";
export { memoryDevice } from "./fit/memoryDevice.ts";
export { usualFitSettings } from "./fit/memorySettings.ts";
export { predictMemory } from "./fit/predictMemory.ts";
export { withComputeBytes } from "./fit/withComputeBytes.ts";
export { offBy } from "./fit/computeKnowledge.ts";
export { hasKnownGraph } from "./fit/graph/graphTraits.ts";
export { describedMemoryModel, modelLayers } from "./fit/memoryModel.ts";

// Models, files and hubs.
export { cacheFolder } from "./base/cacheFolder.ts";
export { flushAndDropCachedPages } from "./models/cachedPages.ts";
export { RemoteChanged } from "./models/hub/askForBytes.ts";
export { HttpClient } from "./models/hub/httpClient.ts";
export { usualPatience } from "./models/hub/patience.ts";
export { planPull, pullFiles } from "./models/hub/pullModel.ts";
export { resolveFiles } from "./models/hub/resolveFiles.ts";
export { planImitationOf } from "./models/imitationPlan.ts";
export { resolveModel } from "./models/resolveModel.ts";
export { writeSyntheticFile } from "./models/syntheticFile.ts";
export { tensorTypesOf } from "./models/syntheticTypes.ts";
export { trainedTokens } from "./models/trainedTokens.ts";
export { askAboutShape } from "./gguf/askTensorTypes.ts";
export { shapeOf } from "./gguf/shapeOfHeader.ts";
export { decoderShape } from "./gguf/decoderShape.ts";
export { modelMetadata, shapeMetadata } from "./gguf/modelMetadata.ts";
export { ggmlTypes, matrixTypeNamed } from "./gguf/ggmlTypes.ts";
export { quantizationNames, typedQuantization } from "./gguf/quantizations.ts";
export { writeSparseFile } from "./gguf/sparseFile.ts";
export { readGgufModel } from "./gguf/splitFile.ts";
export { mixOf } from "./gguf/tensorMix.ts";
export { tensorTable, unquantizedType } from "./gguf/tensorTable.ts";
export { vocabularyMetadata } from "./gguf/vocabulary.ts";
export { encodeHeader, placeTensors } from "./gguf/writeHeader.ts";
export { hyperparameters } from "./gguf/readHyperparameters.ts";

// Machines.
export { machineJsonSchema } from "./machine/machineFile.ts";
export { chipName } from "./machine/machineName.ts";
export { isSoftwareDevice, offloadTargets } from "./machine/offloadDevice.ts";
export { describedBudget } from "./machine/describedMachine.ts";
export { findMachines } from "./machine/machineCatalogue.ts";

// Results of others, tables and verdicts.
export { warningOf } from "./results/codes.ts";
export { toCell } from "./results/csvCell.ts";
export { csvPieces } from "./results/csvText.ts";
export { importForeign } from "./results/foreign/importForeign.ts";
export { importResults } from "./results/importResults.ts";
export { toldLaunches } from "./results/toldLaunches.ts";
export { unknownCase } from "./results/unknownCase.ts";
export { summarize as summarizeLaunches } from "./statistics/launchSummary.ts";
export { calibrate } from "./predict/calibrate.ts";
export { keptAside, scoreOf, type KeptAside, type KeptAsideScore } from "./predict/keptAside.ts";
export { crossJudged, fitRanges } from "./predict/fitRanges.ts";
export {
  leaveGroupsOut,
  leftOutScore,
  type GroupScore,
  type LeftOut,
  type LeftOutScore,
} from "./predict/leftOut.ts";
export { memoryKindOf } from "./predict/memoryKind.ts";
export { publishedResults } from "./predict/publishedResults.ts";
export { publishedSamples, type Sample } from "./predict/publishedSamples.ts";
export { shapeOfModel } from "./predict/shapeOfModel.ts";
export { partOf, speedOf } from "./predict/timedWork.ts";
export { mixes } from "./compare/answers/mixes.ts";
export { compareMachines } from "./compare/comparison.ts";
export { crossoverOf } from "./compare/crossover.ts";
export { logRatio, ratioInterval } from "./compare/judge/logRatio.ts";
export { logValueOf } from "./compare/judge/logValue.ts";
export { machinesOf } from "./compare/machines.ts";
export { comparisonReport } from "./reporters/compare/comparisonReport.ts";
export { comparisonJson } from "./reporters/compare/contract.ts";
export { drawFigures } from "./reporters/compare/figures/figures.ts";
export { renderMarkdown } from "./reporters/compare/markdown.ts";
export { summaryOf as comparisonSummaryOf } from "./reporters/compare/words/summary.ts";

// Flags, the command line, and its words.
export { suiteJsonSchema } from "./suite/suiteSchema.ts";
export { failureOf } from "./cli/failure.ts";
export { main } from "./cli/main.ts";
export { formatBytes } from "./base/bytes.ts";
export { digestOf } from "./base/digest.ts";
export { formatDuration } from "./base/duration.ts";
export { groupBy } from "./base/groupBy.ts";
export { expandHome } from "./base/homePath.ts";
export { snakeCase } from "./base/snakeCase.ts";
export { enginePackage } from "./base/version.ts";

// Words that documents are made of.
export { isOnGpu } from "./compare/processors.ts";
export { threeDigits } from "./reporters/format.ts";
export { rangeText } from "./reporters/compare/words/phrases.ts";
export { qualityText } from "./reporters/compare/words/quality.ts";
export { caseOriginWords } from "./reporters/originWords.ts";
export { basisWords } from "./ui/predictionWords.ts";

export { decisiveModel } from "./compare/headline/headline.ts";
export { offloadOf } from "./usecases/predictOffload.ts";
export { predictMachine } from "./usecases/predictMachine.ts";
