/** Proof that passes computed something: the result was wiped before, and is finite and spread out behind them. */
import type { LlamaApi } from "../api.ts";
import { EngineFailure } from "../engineFailure.ts";
import type { RoofResult } from "./roofWork.ts";

/** Looked at in front and at the end: what a device left undone is there. */
const lookedBytes = 64 * 1024;

export class ResultCheck {
  private readonly api: LlamaApi;
  private readonly result: RoofResult;
  private readonly bytes: number;
  private readonly offsets: readonly number[];

  constructor(api: LlamaApi, result: RoofResult) {
    this.api = api;
    this.result = result;
    this.bytes = Math.min(lookedBytes, result.bytes);
    this.offsets = [0, result.bytes - this.bytes];
  }

  /** Before the clock starts. */
  wipe(): void {
    const zeros = new Uint8Array(this.bytes);
    for (const offset of this.offsets)
      this.api.tensorSet(this.result.tensor, zeros, offset, this.bytes);
  }

  /** @throws {EngineFailure} at `work` */
  inspect(repetition: number): void {
    for (const offset of this.offsets) {
      const { tensor, equals } = this.result;
      const values = this.read(tensor, offset);
      const wrong = equals === null ? flawOf(values) : differs(values, this.read(equals, offset));
      if (wrong !== null) throw new EngineFailure("work", `repetition ${repetition} left ${wrong}`);
    }
  }

  private read(tensor: RoofResult["tensor"], offset: number): Float32Array {
    const bytes = new Uint8Array(this.bytes);
    this.api.tensorGet(tensor, bytes, offset, this.bytes);
    return new Float32Array(bytes.buffer);
  }
}

/** What is wrong with a product; null where nothing is. */
function flawOf(values: Float32Array): string | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) return "products that are not finite";
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low === high ? "products that are all the same" : null;
}

function differs(copy: Float32Array, original: Float32Array): string | null {
  return copy.every((value, index) => value === original[index]) ? null : "a copy that differs";
}
