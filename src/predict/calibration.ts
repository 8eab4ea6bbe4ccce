/** What predictions from a datasheet rest on: the constants that were read off published rows, and for which builds. */
import { decodeConstants, type DecodeConstant } from "./decodeDefaults.ts";
import { prefillConstants, type PrefillConstant } from "./prefillDefaults.ts";
import { shippedRanges, type Ranges } from "./predictionError.ts";
import type { Constants } from "./speedRule.ts";

export interface Calibration {
  readonly decode: Constants<DecodeConstant>;
  readonly prefill: Constants<PrefillConstant>;
  readonly ranges: Ranges;
  /** Asked about old builds (llamaBuild.ts), of which many published rows are. */
  readonly oldBuilds: boolean;
}

export const shippedCalibration: Calibration = {
  decode: decodeConstants,
  prefill: prefillConstants,
  ranges: shippedRanges,
  oldBuilds: false,
};
