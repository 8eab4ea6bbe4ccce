/** What did not fit: larger quantizations of the same model at the same settings need not be tried. */
import { digestOf } from "../base/digest.ts";
import type { BenchCase } from "../plan/benchCase.ts";

const keyDigits = 16;

interface Misfit {
  readonly model: string;
  /** Null where the weights alone did not fit, whatever the context. */
  readonly settings: string | null;
  readonly placement: string;
  /** Null where nobody tells: then none is larger. */
  readonly tensorBytes: number | null;
  readonly quantization: string;
}

export class Misfits {
  private readonly seen: Misfit[] = [];

  add({ variant, settings }: BenchCase, weightsAlone: boolean): void {
    this.seen.push({
      model: variant.model.id,
      settings: weightsAlone ? null : digestOf(settings, keyDigits),
      placement: digestOf(settings.placement, keyDigits),
      tensorBytes: variant.weights.tensorBytes,
      quantization: variant.quantization ?? variant.model.spec,
    });
  }

  /** The smaller quantization that did not fit, or null. */
  smallerThan({ variant, settings }: BenchCase): string | null {
    const placement = digestOf(settings.placement, keyDigits);
    const own = digestOf(settings, keyDigits);
    const misfit = this.seen.find(
      (seen) =>
        seen.model === variant.model.id &&
        seen.placement === placement &&
        (seen.settings === null || seen.settings === own) &&
        isLarger(variant.weights.tensorBytes, seen.tensorBytes),
    );
    return misfit?.quantization ?? null;
  }
}

function isLarger(bytes: number | null, misfit: number | null): boolean {
  return bytes !== null && misfit !== null && bytes > misfit;
}
