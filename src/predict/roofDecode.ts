/** Decode where no model was measured yet: weights at the rates of their types, layers as their machine's kind costs. */
import { shippedCalibration, type Calibration } from "./calibration.ts";
import { matrixTypeNamed } from "../gguf/ggmlTypes.ts";
import { expectedDecode, type DecodeCoefficients } from "./decodeDefaults.ts";
import { decodeBytes } from "./decodeFit.ts";
import type { DecodeModel } from "./decodeModel.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { spreadOf, typicalError, type Widening } from "./predictionError.ts";
import type { RoofsAt } from "./roofs.ts";
import type { ByType } from "./typeRates.ts";
import { weakest, type SpeedSource } from "./speedSource.ts";
import { sumByType } from "./workByType.ts";

/** Null where no reading was measured. */
export function roofDecode(
  { datasheet, roofs = null }: SpeedSource,
  calibration: Calibration = shippedCalibration,
): DecodeModel | null {
  if (roofs === null || !roofs.device.tellsReading) return null;
  const { device, host } = roofs;
  const expected = expectedDecode(datasheet, calibration.decode);
  const { perLayer, perHostTurn, perHostByte, perMixedStreams } = expected;
  return {
    basis: "roofline",
    leaveOneOut: null,
    secondsPerLayer: perLayer.value,
    bytesPerSecond: device.pace ?? Number.POSITIVE_INFINITY,
    hostBytesPerSecond: host?.pace ?? 1 / perHostByte.value,
    predict(work) {
      const bytes = bytesOf(work);
      const all = work.weightsBytesRead + work.kvBytesRead;
      const hostShare = all === 0 ? 0 : decodeBytes(work).host / all;
      const hostSeconds = host?.tellsReading === true ? readSeconds(host, work) : null;
      const seconds =
        (1 - hostShare) * cacheSlowness(work, expected) * readSeconds(device, work) +
        hostShare * (hostSeconds ?? all * perHostByte.value) +
        (work.layerCost ?? work.nLayers) * perLayer.value +
        (work.hostTurns ?? 0) * perHostTurn.value +
        (work.mixedStreams ?? 0) * perMixedStreams.value;
      const basis = hostShare > 0 && hostSeconds === null ? "datasheet" : "roofline";
      const isTold = device.readSeconds(bytes) !== null;
      const wider: readonly Widening[] = [
        ...(device.readsSpoiled(bytes) ? (["spoiled"] as const) : []),
        ...(isTold ? [] : (["otherTypes"] as const)),
      ];
      const error = typicalError(
        { kind: hostShare > 0 ? "host" : "decode", basis, left: null, wider },
        calibration.ranges,
      );
      const { centre, low, high } = spreadOf(1 / seconds, error, Number.POSITIVE_INFINITY);
      return { tg_ts: centre, low, high, basis: weakest("roofline", basis) };
    },
  };
}

function readSeconds(at: RoofsAt, work: DecodeWork): number {
  return at.readSecondsAbout(bytesOf(work)) ?? 0;
}

/** A byte of the KV cache takes longer than one of weights, by as much as on the machine's kind: the part that is of the cache. */
function cacheSlowness(
  { weightsBytesRead, kvBytesRead, flashAttention = true }: DecodeWork,
  { perByte, perKvByte, perFlashKvByte }: DecodeCoefficients,
): number {
  const all = weightsBytesRead + kvBytesRead;
  const times = (flashAttention ? perFlashKvByte : perKvByte).value / perByte.value;
  return all === 0 ? 1 : 1 + (kvBytesRead / all) * Math.max(0, times - 1);
}

/** Of a row only the quantization is known, which mostly is the type of what it reads. */
function bytesOf({ quantization, weightsBytesRead, kvBytesRead, bytesByType }: DecodeWork): ByType {
  return (
    bytesByType ??
    sumByType([
      [typeOf(quantization), weightsBytesRead],
      ["f16", kvBytesRead],
    ])
  );
}

/** `q4_k` of `q4_k_m`; of `iq3_s`, which is a type itself, that. */
export function typeOf(quantization: string | null | undefined): string {
  const name = quantization ?? "";
  return matrixTypeNamed(name) === undefined ? name.replace(/_[sml]$/, "") : name;
}
