/**
 * The work between two readings of the clock: prompt processing in chunks, then token generation, as llama-bench's
 * `test_prompt` and `test_gen` (tools/llama-bench, v0.4.0) do it. Everything that can be is made beforehand.
 */
import koffi from "koffi";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { OpenContext } from "./openContext.ts";
import type { MeasureRequest } from "./protocol.ts";
import { batchOf, int32Bytes, tokenBuffer } from "./tokenBuffer.ts";
import type { Batch, Pointer } from "./structs.ts";
import type { Vocabulary } from "./vocabulary.ts";

function drawInto(tokens: Int32Array, next: () => number, bos: number | null): boolean {
  let changed = false;
  for (let index = 0; index < tokens.length; index++) {
    const token = index === 0 && bos !== null ? bos : next();
    changed ||= tokens[index] !== token;
    tokens[index] = token;
  }
  return changed;
}

/** Batches of a prompt, over memory that is filled anew for each repetition. */
class Prompt {
  private readonly view: Int32Array;
  private readonly pointer: Pointer;
  readonly batches: readonly Batch[];

  constructor(tokens: number, nBatch: number) {
    const { pointer, view } = tokenBuffer(tokens);
    this.pointer = pointer;
    this.view = view.subarray(0, tokens);
    this.batches = Array.from({ length: Math.ceil(tokens / nBatch) }, (_, chunk) => {
      const first = chunk * nBatch;
      return batchOf(this.pointer + BigInt(first * int32Bytes), Math.min(nBatch, tokens - first));
    });
  }

  /** Answers whether any token differs from the draw before. */
  draw(next: () => number, bos: number | null): boolean {
    return drawInto(this.view, next, bos);
  }

  free(): void {
    koffi.free(this.pointer);
  }
}

export class Stopwatch {
  private readonly prompt: Prompt;
  private readonly fillPrompt: Prompt;
  private readonly single = tokenBuffer(1);
  private readonly singleBatch = batchOf(this.single.pointer, 1);
  private readonly generated: Int32Array;
  private readonly tokenEnds: Float64Array;
  private readonly engine: Engine;
  private readonly context: OpenContext;
  private readonly vocabulary: Vocabulary;
  private readonly next: () => number;

  constructor(
    engine: Engine,
    context: OpenContext,
    vocabulary: Vocabulary,
    request: Pick<MeasureRequest, "nPrompt" | "nGen" | "nDepth" | "nBatch">,
    next: () => number,
  ) {
    this.engine = engine;
    this.context = context;
    this.vocabulary = vocabulary;
    this.next = next;
    this.prompt = new Prompt(request.nPrompt, request.nBatch);
    this.fillPrompt = new Prompt(request.nDepth, request.nBatch);
    this.generated = new Int32Array(request.nGen);
    this.tokenEnds = new Float64Array(request.nGen + 1);
  }

  /** Draws the tokens of the next repetition; answers whether any differs from the one before. */
  draw(): boolean {
    const prompt = this.prompt.draw(this.next, this.vocabulary.bos);
    const generated = drawInto(this.generated, this.next, this.vocabulary.bos);
    return prompt || generated;
  }

  /** Fills the KV cache up to the case's depth; untimed. */
  fill(): void {
    this.fillPrompt.draw(this.next, this.vocabulary.bos);
    this.processPrompt(this.fillPrompt);
  }

  /** One repetition; answers its time in ns. */
  time(): number {
    const started = process.hrtime.bigint();
    if (this.prompt.batches.length > 0) this.processPrompt(this.prompt);
    if (this.generated.length > 0) this.generate(this.generated.length);
    return Number(process.hrtime.bigint() - started);
  }

  /** llama-bench's warm-up: the whole prompt and one token. */
  warmUpLikeLlamaBench(): void {
    this.draw();
    if (this.prompt.batches.length > 0) this.processPrompt(this.prompt);
    if (this.generated.length > 0) this.generate(1);
  }

  /** One untimed token after all, so that a failure which only the next decode reports is seen. */
  verifyLast(): void {
    this.single.view[0] = this.vocabulary.bos ?? this.next();
    this.check(this.engine.api.decode(this.context.pointer, this.singleBatch));
    this.engine.api.synchronize(this.context.pointer);
  }

  /** Tells the duration of each token that the last repetition generated, in ns. */
  eachToken(tell: (ns: number) => void): void {
    const { tokenEnds } = this;
    for (let index = 0; index < this.generated.length; index++)
      tell(((tokenEnds[index + 1] ?? 0) - (tokenEnds[index] ?? 0)) * 1e6);
  }

  close(): void {
    this.prompt.free();
    this.fillPrompt.free();
    koffi.free(this.single.pointer);
  }

  private processPrompt(prompt: Prompt): void {
    const { api } = this.engine;
    for (const batch of prompt.batches) this.check(api.decode(this.context.pointer, batch));
    api.synchronize(this.context.pointer);
  }

  private generate(tokens: number): void {
    const { api } = this.engine;
    const { pointer } = this.context;
    this.tokenEnds[0] = performance.now();
    for (let index = 0; index < tokens; index++) {
      this.single.view[0] = this.generated[index] ?? 0;
      this.check(api.decode(pointer, this.singleBatch));
      api.synchronize(pointer);
      this.tokenEnds[index + 1] = performance.now();
    }
  }

  private check(status: number): void {
    if (status !== 0) throw new EngineFailure("decode", `llama_decode returned ${status}`);
  }
}
