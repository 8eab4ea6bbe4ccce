/** How precise a model's file is, and how much worse others found such files: fewer bits are faster, and no better. */
import type { ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import {
  publishedQuality,
  type PublishedQuality,
  type QualityMetric,
} from "../../../models/publishedQuality.ts";
import { threeDigits } from "../../format.ts";

/** `4.83 bits per weight, mean KL divergence 0.0209 of llama-3-8b's Q4_K_M`; empty where neither is known. */
export function precisionText(model: ModelOnMachine): string {
  return [bitsText(model), publishedText(model)].filter((text) => text !== "").join(", ");
}

/** `4.83 bits per weight`; empty where they aren't known. */
export function bitsText({ bitsPerWeight }: ModelOnMachine): string {
  return bitsPerWeight === null ? "" : `${threeDigits(bitsPerWeight)} bits per weight`;
}

/** What was published of the quality of such a file; empty for nothing. */
export function publishedText({ model, bitsPerWeight }: ModelOnMachine): string {
  const { id, quantization } = model;
  const quality = publishedQuality({ model: id, quantization, bitsPerWeight });
  return quality === null ? "" : qualityText(quality);
}

/** `mean KL divergence 0.0209 of llama-3-8b's Q4_K_M`: whose it is, where it isn't this very file's. */
export function qualityText(quality: PublishedQuality): string {
  const { metric, value, model, file, ofSameModel, ofSameQuantization } = quality;
  const whose = ofSameModel && ofSameQuantization ? "" : ` of ${model}'s ${file}`;
  return `${metricWords[metric](value)}${whose}`;
}

const metricWords = {
  mean_kl_divergence: (value) => `mean KL divergence ${threeDigits(value)}`,
  perplexity_ratio: (value) => `perplexity ${threeDigits(value)} times the unquantized model's`,
  same_top_token_percent: (value) => `the same likeliest token in ${threeDigits(value)}%`,
  charted_kl_divergence: (value) => `KL divergence ${threeDigits(value)}, read off a chart`,
} as const satisfies Record<QualityMetric, (value: number) => string>;
