/**
 * Models as llama.cpp describes them (`llama 7B Q4_0`, their bytes and parameters), whatever a file or its header calls
 * them: the same file measured by two programs may have two names, and a table has none.
 */
import type { ModelFacts } from "../bench/record.ts";

/** llama.cpp's word, in lower case; null where the model was never described. */
export function architectureOf({ type }: ModelFacts): string | null {
  const [word = ""] = type?.trim().toLowerCase().split(/\s+/) ?? [];
  return word === "" ? null : word;
}

/** Whether both are told to be of one architecture, with as many parameters, and as many bytes where both tell them. */
export function areDescribedAlike(a: ModelFacts, b: ModelFacts): boolean {
  const architecture = architectureOf(a);
  if (architecture === null || architecture !== architectureOf(b)) return false;
  if (a.parameters === null || b.parameters === null) return false;
  return (
    isOneNumber(a.parameters, b.parameters, parameterUnits) &&
    (a.bytes === null || b.bytes === null || isOneNumber(a.bytes, b.bytes, byteUnits))
  );
}

/** Whether they are one model for all that is told: described alike, and not known by two names. */
export function areOneModel(a: ModelFacts, b: ModelFacts): boolean {
  if (a.id === b.id) return true;
  const [fileA, fileB] = [a.file, b.file].map((file) => file?.split(/[/\\]/).at(-1) ?? null);
  return (fileA === null || fileB === null || fileA === fileB) && areDescribedAlike(a, b);
}

/** llama-bench's tables round to two decimals of the larger unit that a number reaches, else of the smaller. */
interface Units {
  readonly larger: number;
  readonly smaller: number;
}

const parameterUnits: Units = { larger: 1e9, smaller: 1e6 };
const byteUnits: Units = { larger: 2 ** 30, smaller: 2 ** 20 };

/** llama.cpp has counted small tensors in some years, and not in others. */
const counting = 1e-4;

function isOneNumber(a: number, b: number, units: Units): boolean {
  const error = Math.max(roundingOf(a, units), roundingOf(b, units), counting * Math.max(a, b));
  return Math.abs(a - b) <= error;
}

/** Half of the last decimal where the number is a rounded one, else 0. */
function roundingOf(value: number, { larger, smaller }: Units): number {
  const step = (value < larger ? smaller : larger) / 100;
  const isRounded = Math.abs(value - Math.round(value / step) * step) <= 1;
  return isRounded ? step / 2 : 0;
}
