/** Prefill where no model was measured yet: operations at the rates of their types, and what comes beside them. */
import { shippedCalibration, type Calibration } from "./calibration.ts";
import type { DecodeModel } from "./decodeModel.ts";
import { expectedPrefill } from "./prefillDefaults.ts";
import { hostSecondsOfPrompt, type PrefillModel } from "./prefillModel.ts";
import type { PrefillWork } from "./prefillWork.ts";
import {
  spreadOf,
  typicalError,
  widest,
  type RangeQuestion,
  type Widening,
} from "./predictionError.ts";
import { typeOf } from "./roofDecode.ts";
import type { RoofsAt } from "./roofs.ts";
import type { ByType } from "./typeRates.ts";
import { weakest, type SpeedSource } from "./speedSource.ts";

/** Null where no products were measured. */
export function roofPrefill(
  { datasheet, roofs = null }: SpeedSource,
  decode: DecodeModel | null,
  calibration: Calibration = shippedCalibration,
): PrefillModel | null {
  if (roofs === null || !roofs.device.tellsMultiplying) return null;
  const { device } = roofs;
  const { perActivation, perLayer } = expectedPrefill(datasheet, calibration.prefill);
  return {
    basis: "roofline",
    leaveOneOut: null,
    predict(work) {
      const layers = (work.layerCost ?? work.nLayers) * work.nUbatches;
      const compute =
        multiplySeconds(device, work) +
        work.activations * perActivation.value +
        layers * perLayer.value;
      const passes =
        decode === null ? 0 : (work.nUbatches * work.weightsBytes) / decode.bytesPerSecond;
      const extra = hostSecondsOfPrompt(work, compute, datasheet);
      const kind = datasheet.deviceCount > 1 ? "prefillOfSeveral" : "prefill";
      const operations = operationsOf(work);
      const isTold = device.multiplySeconds(operations) !== null;
      const wider: readonly Widening[] = [
        ...(device.multipliesSpoiled(operations) ? (["spoiled"] as const) : []),
        ...(isTold ? [] : (["otherProducts"] as const)),
      ];
      const range = { basis: "roofline", left: null } as const;
      const questions: readonly RangeQuestion[] = [
        { ...range, kind, wider },
        ...(extra > 0
          ? [{ ...range, kind: datasheet.unified ? "host" : "transfer", wider: [] } as const]
          : []),
      ];
      const error = widest(questions.map((one) => typicalError(one, calibration.ranges)));
      const seconds = Math.max(compute, passes) + extra;
      const { centre, low, high } = spreadOf(
        work.nPrompt / seconds,
        error,
        Number.POSITIVE_INFINITY,
      );
      const basis = extra > 0 ? weakest("roofline", "datasheet") : "roofline";
      return { pp_ts: centre, low, high, basis };
    },
  };
}

function multiplySeconds(at: RoofsAt, work: PrefillWork): number {
  const { matrixOperations, paddingOperations = 0 } = work;
  const scale = 1 + paddingOperations / matrixOperations;
  const attention = new Map([["f16", work.unmaskedOperations ?? work.attentionOperations]]);
  return (
    scale * (at.multiplySecondsAbout(operationsOf(work)) ?? 0) +
    (at.multiplySecondsAbout(attention) ?? 0)
  );
}

function operationsOf({ quantization, matrixOperations, operationsByType }: PrefillWork): ByType {
  return operationsByType ?? new Map([[typeOf(quantization), matrixOperations]]);
}
