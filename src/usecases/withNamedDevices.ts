/** Starts the engine for devices that the user names; where no build has them, says which devices there are. */
import type { DeviceList } from "../bench/settings.ts";
import { withEngine } from "../engines/registry.ts";
import type { Engine } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { refuseAbsent } from "../fit/absentPlaces.ts";
import { namedHere } from "../plan/namedHere.ts";

/**
 * @param lists devices that were named; where none was, this is `withEngine`
 * @throws {LlmbenchError} as `withEngine`, and `usage` for a device that isn't there.
 */
export async function withNamedDevices<Answer>(
  ask: Parameters<typeof withEngine>[0],
  lists: readonly DeviceList[],
  use: (engine: Engine) => Promise<Answer>,
): Promise<Answer> {
  let started = false;
  try {
    return await withEngine(ask, (engine) => {
      started = true;
      return use(engine);
    });
  } catch (error) {
    if (started || !(error instanceof LlmbenchError)) throw error;
    const named = lists.filter((list) => list !== "auto" && list.length > 0);
    if (named.length > 0) {
      await withEngine({ ...ask, device: "auto" }, async ({ facts }) => {
        for (const devices of named)
          refuseAbsent({ devices, tensorOverrides: [] }, namedHere(facts));
      });
    }
    throw error;
  }
}
