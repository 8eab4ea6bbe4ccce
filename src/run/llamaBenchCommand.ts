/** The llama-bench command line that asks for the same as a case; null for a test that it hasn't. */
import { withoutHome } from "../base/homePath.ts";
import { sharedLoadMode } from "../bench/lentDevices.ts";
import { tensorOverridesText } from "../bench/tensorOverrides.ts";
import { deviceListText } from "../bench/deviceList.ts";
import type { MachineFacts, SettingFacts } from "../bench/record.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { llamaBenchCommand } from "../repeat/llamaBenchLine.ts";
import { rpcText, workloadTexts } from "../repeat/settingTexts.ts";

export function llamaBenchCommandOf(
  { variant, settings, gpuLayers }: BenchCase,
  repetitions: number | "auto",
  { servers, devices }: Pick<MachineFacts, "servers"> & Pick<SettingFacts, "devices"> = {
    servers: null,
    devices: deviceListText(settings.placement.devices),
  },
): string | null {
  const { workload, placement, context } = settings;
  const tested = workloadTexts(workload);
  const { opened } = variant.weights;
  if (tested === null || opened === null) return null;
  const { tensorSplit, tensorOverrides } = placement;
  return llamaBenchCommand(withoutHome(opened), {
    ...tested,
    ...context,
    noKvOffload: Number(context.noKvOffload),
    noOpOffload: Number(context.noOpOffload),
    embeddings: Number(context.embeddings),
    cpuStrict: Number(context.cpuStrict),
    ...placement,
    loadMode: servers === null ? placement.loadMode : sharedLoadMode(placement.loadMode),
    noHost: Number(placement.noHost),
    devices,
    tensorOverrides: tensorOverridesText(tensorOverrides),
    // As resolved: `auto` may have left some on the host, which llama-bench wouldn't.
    gpuLayers,
    tensorSplit: tensorSplit.length === 0 ? null : tensorSplit.join("/"),
    repetitions,
    rpc: rpcText(servers),
  });
}
