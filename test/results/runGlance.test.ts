import { describe, expect, it } from "vitest";
import { glanceAtRun } from "../../src/results/runGlance.ts";
import { planned, runLine } from "./journals.ts";

const { plan: _, ...facts } = runLine;
const ids = ["a", "b\u00e9", "c"];
const line = { ...runLine, plan: ids.map(planned) };
const text = JSON.stringify(line);

describe("a run's line, where results alone are wanted", () => {
  it("tells what is known of the run, and the ids of what was planned", () => {
    expect(glanceAtRun(text)).toEqual({ type: "told run", facts, planned: ids });
  });

  it("may have texts that look like a plan", () => {
    for (const like of [',"plan":[{"case_id":"x"', '{"case_id":"x"']) {
      const told = glanceAtRun(JSON.stringify({ ...line, environment: { GGML_X: like } }));
      expect(told).toMatchObject({ facts: { environment: { GGML_X: like } }, planned: ids });
    }
  });

  it.each<readonly [string, string]>([
    ["of another schema", text.replace('"schema_version":1', '"schema_version":2')],
    ["with keys in another order", JSON.stringify({ plan: line.plan, ...facts })],
    ["with keys behind the plan", JSON.stringify({ ...line, later: 1 })],
    ["without a plan", JSON.stringify({ ...runLine, plan: [] })],
    ["of another kind", JSON.stringify({ ...line, type: "noise" })],
    ["with a wrong fact", JSON.stringify({ ...line, run_id: 5 })],
    ["that is no JSON", text.replace("{", "{{")],
  ])("is read whole where it is one %s", (__, given) => {
    expect(glanceAtRun(given)).toBeNull();
  });
});
