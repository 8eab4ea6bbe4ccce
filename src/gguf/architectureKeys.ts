/**
 * A header's values under its architecture's name, as llama.cpp's loader reads them
 * (llama_model_loader::get_key, get_key_or_arr and get_arr, src/llama-model-loader.cpp, v0.4.0).
 */
import type { Metadata, MetadataArray, Scalar } from "./readMetadata.ts";

export class ArchitectureKeys {
  private readonly metadata: Metadata;
  private readonly architecture: string;

  constructor(metadata: Metadata, architecture: string) {
    this.metadata = metadata;
    this.architecture = architecture;
  }

  /** One value for the whole model; undefined where it is missing or an array. */
  number(key: string): number | undefined {
    const value = this.valueOf(key);
    return typeof value === "object" ? undefined : toNumber(value);
  }

  /** One value a layer. */
  list(key: string): readonly number[] | undefined {
    const value = this.valueOf(key);
    if (typeof value !== "object") return undefined;
    return value.values?.map((one) => toNumber(one) ?? 0);
  }

  /** One value a layer, or one for all of them; layers behind the end of a list have 0. */
  perLayer(key: string, layers: number): readonly number[] | undefined {
    const listed = this.list(key);
    const single = this.number(key);
    if (listed === undefined && single === undefined) return undefined;
    return Array.from({ length: layers }, (_, layer) => single ?? listed?.[layer] ?? 0);
  }

  private valueOf(key: string): Scalar | MetadataArray | undefined {
    return this.metadata.get(`${this.architecture}.${key}`);
  }
}

function toNumber(value: Scalar | undefined): number | undefined {
  return value === undefined || typeof value === "string" ? undefined : Number(value);
}
