import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../../src/bench/record.ts";
import { hasRoom } from "../../../src/compare/answers/room.ts";
import { gib, misfit, type Columns } from "../rows.ts";
import { paceFrom } from "./paces.ts";
import { level, measured } from "./truths.ts";

const pace = (overrides: Columns = {}, ...others: readonly CaseRecord[]) =>
  paceFrom([
    measured("prompt", level(1000), 512, 0, overrides),
    measured("generate", level(50), 128, 0, overrides),
    ...others,
  ]);

describe("a context has no room on the GPU", () => {
  it("where weights and the KV cache of so many tokens exceed the budget", () => {
    // 20 GiB of weights and 1 GiB a 1024 tokens, of 24.
    const sized = pace({ weights_bytes: 20 * gib, kv_bytes: gib, n_ctx: 1024 });
    expect(hasRoom(sized, 4096)).toBe(true);
    expect(hasRoom(sized, 4097)).toBe(false);
  });

  it("where a row was refused at no more", () => {
    const refused = pace({}, misfit({ n_gen: 8192, test: "tg8192" }));
    expect(hasRoom(refused, 8191)).toBe(true);
    expect(hasRoom(refused, 8192)).toBe(false);
  });

  it("beyond the largest context that was judged to fit", () => {
    const judged = pace({ max_ctx: 16_384, fit_ctx: 8192, fit_at_ctx: "full" });
    expect(hasRoom(judged, 16_384)).toBe(true);
    expect(hasRoom(judged, 16_385)).toBe(false);
  });

  it("from the context of use on where that was judged not to fit", () => {
    const judged = pace({ fit_ctx: 8192, fit_at_ctx: "partial" });
    expect(hasRoom(judged, 8191)).toBe(true);
    expect(hasRoom(judged, 8192)).toBe(false);
  });
});

describe("a context has room", () => {
  it("where as much was measured, whatever was judged", () => {
    const deep = measured("generate", level(40), 128, 8192);
    const judged = pace({ max_ctx: 4096 }, deep, misfit({ n_ctx: 4096 }));
    expect(hasRoom(judged, 8320)).toBe(true);
  });

  it("where another KV type was refused", () => {
    const refused = misfit({ n_gen: 8192, test: "tg8192", type_k: "f32", type_v: "f32" });
    expect(hasRoom(pace({}, refused), 8192)).toBe(true);
  });

  it("where the tests ran with layers on the CPU, whose memory isn't the GPU's", () => {
    const sized = { weights_bytes: 40 * gib, kv_bytes: gib, n_ctx: 1024, n_gpu_layers: 10 };
    expect(hasRoom(pace(sized, misfit()), 4096)).toBe(true);
  });

  it("where nothing is known", () => {
    expect(hasRoom(pace({ weights_bytes: null }), 1e6)).toBe(true);
  });
});
