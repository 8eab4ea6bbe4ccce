/** Machines that take part in a case beside this one. */
import type { EngineDevice, EngineInfo } from "../bench/engineInfo.ts";
import { lenders } from "../bench/lentDevices.ts";
import type { BenchCase } from "./benchCase.ts";

/** None in a test of this machine alone, which opens no model. */
export function lentTo(
  { variant, settings }: Pick<BenchCase, "variant" | "settings">,
  engine: Pick<EngineInfo, "devices">,
): NonNullable<EngineDevice["server"]>[] {
  return variant.weights.opened === null ? [] : lenders(engine, settings.placement.devices);
}
