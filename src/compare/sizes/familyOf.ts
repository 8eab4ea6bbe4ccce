/** Which family of models a result's model belongs to. */
import type { FamilyName } from "../../predict/families/families.ts";
import { shapeOfModel } from "../../predict/shapeOfModel.ts";
import type { NamedModel } from "../modelNames.ts";

/** Null for a model of which nobody told llmbench the shape. */
export function familyOf({ id }: Pick<NamedModel, "id">): FamilyName | null {
  const shape = shapeOfModel(id);
  if (shape === undefined) return null;
  return shape.experts === undefined ? "dense" : "mixture";
}
