/** Which models an answer speaks of. */
import { groupBy } from "../../base/groupBy.ts";
import { pairedModels, type Comparison } from "../comparison.ts";
import { shapeOf } from "../modelNames.ts";

/** Tells by a model's id whether it is paired; where the baseline has none in common, whether two of the others have it. */
export function sharedModels({ machines, pairs }: Comparison): (id: string) => boolean {
  if (pairs.length > 0) {
    const paired = pairedModels(pairs);
    return (id) => paired.has(id);
  }
  const shapes = machines.flatMap(({ cases }) => [
    ...new Set(cases.map(({ model }) => shapeOf(model.id))),
  ]);
  const counts = groupBy(shapes, (shape) => shape);
  return (id) => (counts.get(shapeOf(id))?.length ?? 0) > 1;
}
