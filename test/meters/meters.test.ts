import { describe, expect, it } from "vitest";
import { conditionsSchema } from "../../src/bench/conditions.ts";
import { parseNvidiaStates } from "../../src/machine/nvidiaState.ts";
import { between as powerAndHeatBetween } from "../../src/meters/powerAndHeatMeter.ts";
import { between as pressureBetween } from "../../src/meters/memoryMeter.ts";
import { Meters } from "../../src/meters/meters.ts";

describe("the meters", () => {
  it("read the conditions of any machine, all that a journal keeps of them", async () => {
    const warnings: string[] = [];
    const meters = new Meters((text) => warnings.push(text));
    await meters.look();
    const { conditions } = await (await meters.start())(0);
    expect(conditionsSchema.parse(conditions)).toEqual(conditions);
    expect(conditions?.other_load?.cpus).toBeGreaterThan(0);
  });

  it("tell of power and heat the worse of two states, and what counters grew by", () => {
    const before = {
      power_source: "battery",
      low_power_mode: false,
      cpu_throttles: 7,
      cpu_speed_limit: 100,
      thermal_pressure: 0,
      gpus: parseNvidiaStates("0, 60, 2500, 2520, 450.00, 450.00, 4, 16, 900, 0x0, 5 us, 10 us"),
    } as const;
    const after = {
      power_source: "ac",
      low_power_mode: true,
      cpu_throttles: null,
      cpu_speed_limit: 70,
      thermal_pressure: 2,
      gpus: parseNvidiaStates("0, 84, 1500, 2520, 450.00, 450.00, 4, 16, 900, 0x20, 5 us, 40 us"),
    } as const;
    expect(powerAndHeatBetween(before, after)).toMatchObject({
      power_source: "battery",
      low_power_mode: true,
      cpu_throttles: null,
      cpu_speed_limit: 70,
      thermal_pressure: 2,
      gpus: [{ temperature_c: 84, thermal_slowdown_us: 30 }],
    });
  });

  it("tell of memory the most that stood in swap, and what moved", () => {
    const before = { usedBytes: 5, readBytes: 100, writtenBytes: 200, compressedBytes: 900 };
    const after = { usedBytes: 3, readBytes: 130, writtenBytes: 250, compressedBytes: 400 };
    expect(pressureBetween(before, after)).toEqual({
      swap_used_bytes: 5,
      swapped_in_bytes: 30,
      swapped_out_bytes: 50,
      compressed_bytes: 0,
    });
  });
});
