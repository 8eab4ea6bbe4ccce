/** Divides the connections that are allowed among the files that are on their way. */
import pLimit, { type LimitFunction } from "p-limit";

export interface FileConnections {
  /** How many the file has now; more when others are done. */
  readonly share: number;
  /** Takes a connection for the time of `use`. */
  take<T>(use: () => Promise<T>): Promise<T>;
  /** The file needs none any more. */
  close(): void;
}

export class Connections {
  readonly #total: number;
  readonly #all: LimitFunction;
  readonly #files = new Set<LimitFunction>();

  constructor(total: number) {
    this.#total = total;
    this.#all = pLimit(total);
  }

  open(): FileConnections {
    const own = pLimit(1);
    this.#files.add(own);
    this.#divide();
    return {
      get share() {
        return own.concurrency;
      },
      // A file whose share shrinks keeps what it has for a while: only together they keep within the total.
      take: (use) => own(() => this.#all(use)),
      close: () => {
        this.#files.delete(own);
        this.#divide();
      },
    };
  }

  #divide(): void {
    const even = Math.floor(this.#total / this.#files.size);
    let rest = this.#total - even * this.#files.size;
    for (const file of this.#files) file.concurrency = Math.max(1, even + (rest-- > 0 ? 1 : 0));
  }
}
