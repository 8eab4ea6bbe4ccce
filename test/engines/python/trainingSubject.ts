/** A framework as the engines' contract is tried on it. */
import type { EngineRow } from "../../../src/engines/engine.ts";
import type { FrameworkName } from "../../../src/engines/python/frameworks.ts";
import { resolveModel } from "../../../src/models/resolveModel.ts";
import type { Subject } from "../subject.ts";
import { hasFramework, python } from "./pythons.ts";
import { trainWorkload } from "./trainWorkload.ts";

export function trainingSubject(name: FrameworkName, row: EngineRow): Subject {
  return {
    name,
    row,
    own: { python, compile: false },
    model: "toy-4m",
    shape: resolveModel("toy-4m").shape,
    noModel: "a model without a shape",
    inChild: true,
    workloads: [["a training step", trainWorkload("f32")]],
    isHere: hasFramework(name),
  };
}
