/** What stands behind a case's numbers: the bytes that it is measured on, wherever they are. */
import type { PageCache, WeightsKind } from "../../bench/weights.ts";

/** Who hears how far the making of weights is, and stops it. */
export interface Providing {
  readonly onProgress: (bytes: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** @param use is told the path, which stands as long as it takes */
export type HeaderFile = <Answer>(use: (path: string) => Promise<Answer>) => Promise<Answer>;

export interface Weights {
  /** Whether they are taken as they are found, or made by llmbench, as the journal's plan has it; null where a case has none. */
  readonly kind: WeightsKind | null;
  /** What is in them: a file that is found may be one that llmbench made. */
  readonly content: WeightsKind | null;
  /** The file or remote model whose header synthetic weights have; null for none. */
  readonly headerOf: string | null;
  /** What tells them from others, in one text. */
  readonly identity: string;
  /**
   * What an engine opens: the absolute path of a GGUF, of a split one its first file; or a model's name, where the engine has
   * it or draws its weights. Null where it opens none.
   */
  readonly opened: string | null;
  /** Paths of the files that `opened` consists of; none where the engine holds the model itself. */
  readonly files: readonly string[];
  /** The first of them, where it is here before anything is provided; null elsewhere. */
  readonly found: string | null;
  /** A file whose header an engine can be asked about before anything is provided; null where the engine holds the model. */
  readonly header: HeaderFile | null;
  /** Tensor data; null where nobody tells. */
  readonly tensorBytes: number | null;
  /** What `provide` has to write, as it was when the plan was made; 0 for nothing. */
  readonly bytesToWrite: number;
  /**
   * Sees to it that they are there and as they were planned.
   * @returns what was done about the pages of a file that was written just now; null where nothing was written
   * @throws {ModelChanged}; {LlmbenchError} `output` where they can't be written; the signal's reason
   */
  provide(providing: Providing): Promise<PageCache | null>;
  /** What became of them since they were planned or made; null where they are as they were. */
  changed(): Promise<string | null>;
  /** In words, how they differ from those with the identity `before`. */
  differenceFrom(before: string): string;
}

/** Weights are not what they were when the plan was made. */
export class ModelChanged extends Error {
  override readonly name = "ModelChanged";
}
