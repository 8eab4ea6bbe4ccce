/** The matrices that `read` multiplies a vector with. */
import { ggmlTypes, type GgmlTypeName } from "../../../gguf/ggmlTypes.ts";

export interface MatrixSize {
  readonly columns: number;
  readonly rows: number;
  readonly bytes: number;
}

/** As of a layer of 70B, so that what a kernel takes to begin and end weighs as little as there. */
export const matrixBytes = 48 * 2 ** 20;

/** The width of 7B's and 8B's layers. */
export const readColumns = 4096;

/** Layouts of the CPU's own take so many rows together, and fewer. */
const rowStep = 256;

export function readMatrix(type: GgmlTypeName): MatrixSize {
  const { blockSize, blockBytes } = ggmlTypes[type];
  const rowBytes = (readColumns / blockSize) * blockBytes;
  const rows = Math.round(matrixBytes / rowBytes / rowStep) * rowStep;
  return { columns: readColumns, rows, bytes: rows * rowBytes };
}
