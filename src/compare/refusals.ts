/** What a case's status and a prediction of its memory say of whether it has room. */
import type { Fit } from "../bench/fit.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { Status } from "../bench/statuses.ts";

/** A crash or a timeout says nothing of what the machine could do. */
const refused = {
  measured: false,
  does_not_fit: true,
  skipped: true,
  failed: false,
} as const satisfies Record<Status, boolean>;

/** Whether it didn't run for want of memory. */
export function isRefused({ status }: Pick<CaseRecord, "status">): boolean {
  return refused[status];
}

const whole = {
  full: true,
  partial: false,
  none: false,
  unknown: null,
} as const satisfies Record<Fit, boolean | null>;

/** Whether all of it was judged to fit on the GPU; null where that isn't known. */
export function fitsWholly(fit: Fit | null): boolean | null {
  return fit === null ? null : whole[fit];
}
