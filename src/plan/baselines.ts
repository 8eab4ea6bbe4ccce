/**
 * What this machine does alone, beside what it does with others: without it nobody knows what the others bought. Of each
 * case that others take part in, the same on this machine's own devices; and where that doesn't fit, the largest
 * quantization of the model that does.
 */
import { ownDevices, sharedLoadMode } from "../bench/lentDevices.ts";
import type { LaunchCount } from "../bench/repetitions.ts";
import type { CaseSettings } from "../bench/settings.ts";
import { offloadTargets } from "../machine/offloadDevice.ts";
import type { BenchCase } from "./benchCase.ts";
import { benchCase, weightsContext, type PlanContext } from "./plan.ts";
import type { WeightsChoice } from "../suite/runFlags.ts";
import { lentTo } from "./lentTo.ts";
import { isTried } from "./caseMemory.ts";
import { variantOf, type Variant } from "./variant.ts";

interface Asking {
  readonly weights: WeightsChoice;
  readonly launches: LaunchCount;
}

/** @throws {LlmbenchError} for weights that can't be had. */
export async function withBaselines(
  cases: readonly BenchCase[],
  { weights, launches }: Asking,
  context: PlanContext,
): Promise<readonly BenchCase[]> {
  const found: BenchCase[] = [];
  for (const one of cases) {
    if (lentTo(one, context.engine.facts).length === 0) continue;
    const settings = alone(one.settings, context);
    const same = await benchCase(one.variant, settings, launches, context);
    found.push(same);
    if (isTried(same, { force: false })) continue;
    for (const smaller of await smallerVariants(one.variant, weights, context)) {
      const other = await benchCase(smaller, settings, launches, context);
      if (!isTried(other, { force: false })) continue;
      found.push(other);
      break;
    }
  }
  // Two cases of one model may come to the same without others.
  return [...new Map([...cases, ...found].map((one) => [one.id, one])).values()];
}

/** As many layers as fit, no split over devices that others lend, and the file loaded as with them. */
function alone(settings: CaseSettings, { engine }: PlanContext): CaseSettings {
  const { placement } = settings;
  const own = ownDevices(engine.facts);
  const devices =
    placement.devices === "auto"
      ? offloadTargets(own).map(({ name }) => name)
      : placement.devices.filter((name) => own.some((one) => one.name === name));
  return {
    ...settings,
    placement: {
      ...placement,
      devices,
      gpuLayers: "auto",
      tensorSplit: [],
      mainGpu: 0,
      loadMode: sharedLoadMode(placement.loadMode),
    },
  };
}

/** Largest first; none of a file, which has one quantization. */
async function smallerVariants(
  { model, weights }: Variant,
  choice: WeightsChoice,
  context: PlanContext,
): Promise<Variant[]> {
  if (model.kind !== "catalogue" && model.kind !== "yaml") return [];
  const asking = weightsContext(context, choice);
  const variants: Variant[] = [];
  for (const quantization of model.description.quantizations)
    variants.push(await variantOf(model, quantization, asking));
  return variants
    .filter((one) => bytesOf(one.weights) < bytesOf(weights))
    .sort((a, b) => bytesOf(b.weights) - bytesOf(a.weights));
}

function bytesOf({ tensorBytes }: Variant["weights"]): number {
  return tensorBytes ?? 0;
}
