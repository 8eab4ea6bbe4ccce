/** A row that no case can be. */
export class RowMismatch extends Error {
  override readonly name = "RowMismatch";
}
