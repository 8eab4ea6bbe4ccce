/**
 * What others measured of quantizations' quality: how far a quantized model's next-token distributions are from those of
 * the model that it was made from. `models/quality.csv` holds the figures, each row with its source.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { lazyPackage } from "../base/lazyPackage.ts";
import { packageFolder } from "../base/packageFolder.ts";

const csv = lazyPackage("csv-parse/sync");

/** Best first. Values of one metric, model and source are comparable with each other, and with no others. */
export const qualityMetrics = {
  mean_kl_divergence: "mean Kullback-Leibler divergence, nats a token; 0 is the same model",
  perplexity_ratio: "perplexity, times that of the unquantized model; 1 is as good",
  same_top_token_percent: "tokens of which both models hold the same for the likeliest, in percent",
  /** Its source says of neither mean nor percentile which it is. */
  charted_kl_divergence: "Kullback-Leibler divergence as read off a published chart",
} as const satisfies Record<string, string>;

export type QualityMetric = keyof typeof qualityMetrics;

const metricNames = Object.keys(qualityMetrics) as [QualityMetric, ...QualityMetric[]];

const unknownWhereEmpty = (cell: string) => (cell === "" ? null : cell);

const rowSchema = z
  .strictObject({
    /** How ids of models of one kind begin: `llama-3` is that of `llama-3.1-8b`, too. */
    family: z.string().min(1),
    /** A catalogue's id where it has one. */
    model: z.string().min(1),
    /** As its maker calls it. */
    file: z.string().min(1),
    /** Of llama.cpp's; empty for mixes of others' making. */
    quantization: z.string().transform(unknownWhereEmpty),
    bits_per_weight: z
      .string()
      .transform((cell) => (cell === "" ? null : Number(cell)))
      .pipe(z.number().positive().nullable()),
    metric: z.enum(metricNames),
    corpus: z.string().min(1),
    value: z.coerce.number().nonnegative(),
    source: z.string().min(1),
  })
  .transform(({ bits_per_weight: bitsPerWeight, ...row }) => ({ ...row, bitsPerWeight }));

export type QualityRow = z.output<typeof rowSchema>;

export interface QualityQuestion {
  /** A catalogue's id: `llama-3.1-8b`. */
  readonly model: string;
  /** `q4_k_m`; null for a file of types that have no name together. */
  readonly quantization: string | null;
  /** Of the file; null where nobody told. */
  readonly bitsPerWeight: number | null;
}

export interface PublishedQuality extends QualityRow {
  /** False where it was measured on another model of the family; larger models suffer less from few bits. */
  readonly ofSameModel: boolean;
  /** False where another file of nearly as many bits per weight stands in. */
  readonly ofSameQuantization: boolean;
}

/** Files of other types stand in up to this distance, in bits per weight: half of what K-quants' sizes are apart. */
const nearBits = 0.3;

/** The figure that is nearest to what is asked: of the model itself before its family; null where none was published. */
export function publishedQuality(
  question: QualityQuestion,
  rows: readonly QualityRow[] = shippedQuality(),
): PublishedQuality | null {
  const family = familyOf(question.model, rows);
  if (family === null) return null;
  const found = rows.flatMap((row): Found[] => {
    if (row.family !== family) return [];
    const ofSameQuantization = isSameQuantization(question, row);
    const distance = ofSameQuantization ? 0 : bitsApart(question, row);
    if (distance > nearBits) return [];
    const ofSameModel = row.model === question.model;
    return [{ quality: { ...row, ofSameModel, ofSameQuantization }, distance }];
  });
  return found.toSorted(byNearness)[0]?.quality ?? null;
}

interface Found {
  readonly quality: PublishedQuality;
  readonly distance: number;
}

function byNearness(a: Found, b: Found): number {
  const rank = ({ quality }: Found) => metricNames.indexOf(quality.metric);
  const other = ({ quality }: Found) => Number(!quality.ofSameModel);
  return other(a) - other(b) || rank(a) - rank(b) || a.distance - b.distance;
}

/** The longest that the id begins with, up to a dash or a dot. */
function familyOf(model: string, rows: readonly QualityRow[]): string | null {
  const families = [...new Set(rows.map(({ family }) => family))];
  const own = families.filter(
    (family) => model.startsWith(family) && /^(?:$|[-.])/.test(model.slice(family.length)),
  );
  return own.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

/** Mixes that begin with a type go by its name, whatever they put where: their bits tell them apart. */
function isSameQuantization(question: QualityQuestion, row: QualityRow): boolean {
  if (question.quantization === null || row.quantization !== question.quantization) return false;
  const apart = bitsApart(question, row);
  return apart <= nearBits || !Number.isFinite(apart);
}

function bitsApart(
  { bitsPerWeight: asked }: QualityQuestion,
  { bitsPerWeight }: QualityRow,
): number {
  return asked === null || bitsPerWeight === null ? Infinity : Math.abs(asked - bitsPerWeight);
}

let shipped: readonly QualityRow[] | undefined;

/** The figures that come with llmbench, read once. Of one model and type those without an importance matrix come first. */
export function shippedQuality(): readonly QualityRow[] {
  shipped ??= z
    .array(rowSchema)
    .parse(
      csv().parse(readFileSync(packageFolder("models/quality.csv"), "utf8"), { columns: true }),
    );
  return shipped;
}
