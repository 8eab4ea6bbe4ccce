/** What predictions from a datasheet rest on: the constants that were read off published rows, and for which builds. */
import { decodeConstants, type DecodeConstant } from "./decodeDefaults.ts";
import { prefillConstants, type PrefillConstant } from "./prefillDefaults.ts";
import type { Constants } from "./speedRule.ts";

export interface Calibration {
  readonly decode: Constants<DecodeConstant>;
  readonly prefill: Constants<PrefillConstant>;
  /** Asked about builds before mid 2024, of which many published rows are. */
  readonly oldBuilds: boolean;
}

export const shippedCalibration: Calibration = {
  decode: decodeConstants,
  prefill: prefillConstants,
  oldBuilds: false,
};
