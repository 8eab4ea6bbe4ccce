import { expect, it } from "vitest";
import { workloadOf, type Workload } from "../../src/bench/workload.ts";
import { workloadTexts } from "../../src/repeat/settingTexts.ts";

const standing = { depth: 7, parallel: 1, metric: null, unit: null };
const later = { kind: "unknown", name: "zz9", ...standing } as const;

it("of a test without lengths nothing can be asked for", () => {
  expect(workloadTexts({ ...later, prompt: 0, generated: 0 })).toBeNull();
});

it.each<readonly [Workload, object]>([
  [workloadOf({ prompt: 512, generated: 0, depth: 0 }), { nPrompt: 512, nGen: 0, pg: null }],
  [workloadOf({ prompt: 0, generated: 128, depth: 4096 }), { nPrompt: 0, nGen: 128, pg: null }],
  [workloadOf({ prompt: 512, generated: 128, depth: 0 }), { nPrompt: 0, nGen: 0, pg: "512,128" }],
  [
    { ...later, prompt: 512, generated: 0 },
    { nPrompt: 512, nGen: 0, pg: null },
  ],
  [
    { ...later, prompt: 512, generated: 128 },
    { nPrompt: 0, nGen: 0, pg: "512,128" },
  ],
])("lengths are asked for in the words that both tools share (%j)", (workload, texts) => {
  expect(workloadTexts(workload)).toEqual({ ...texts, nDepth: workload.depth });
});
