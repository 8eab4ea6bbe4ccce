import { describe, expect, it } from "vitest";
import { isHeldByHeat, parseNvidiaStates } from "../../src/machine/nvidiaState.ts";
import { linuxLowPower, macPowerSource } from "../../src/machine/power.ts";
import { linuxSwapping, parseMacSwapping } from "../../src/machine/swapping.ts";
import { linuxThrottles, parseMacHeat } from "../../src/machine/throttling.ts";
import { fakeRoot } from "./fakeRoot.ts";

const mib = 2 ** 20;

describe("heat", () => {
  it("is what Intel's counters grew to, on all processors", () => {
    const folder = "sys/devices/system/cpu";
    const root = fakeRoot({
      [`${folder}/cpu0/thermal_throttle/core_throttle_count`]: "3\n",
      [`${folder}/cpu0/thermal_throttle/package_throttle_count`]: "4\n",
      [`${folder}/cpu11/thermal_throttle/core_throttle_count`]: "5\n",
      [`${folder}/cpufreq/thermal_throttle/core_throttle_count`]: "100\n",
    });
    expect(linuxThrottles(root)).toBe(12);
    expect(linuxThrottles(fakeRoot({ [`${folder}/cpu0/online`]: "1" }))).toBeNull();
  });

  it("is what macOS' tools print", () => {
    const intel = " - CPU_Scheduler_Limit \t= 100\n - CPU_Speed_Limit \t= 70\n";
    const apple = "Note: No thermal warning level has been recorded\n";
    const level = "com.apple.system.thermalpressurelevel 2\n";
    expect(parseMacHeat(intel, "")).toEqual({ speedLimit: 70, pressure: null });
    expect(parseMacHeat(apple, level)).toEqual({ speedLimit: null, pressure: 2 });
  });
});

describe("NVIDIA's cards", () => {
  it("tell clocks, limits, link, and why and how long heat held them", () => {
    const [state] = parseNvidiaStates(
      "0, 84, 1500, 2520, 400.00, 450.00, 4, 8, 1024, 0x0000000000000024, 1000 us, 2000 us\n",
    );
    expect(state).toEqual({
      index: 0,
      temperature_c: 84,
      clock_mhz: 1500,
      max_clock_mhz: 2520,
      power_limit_w: 400,
      default_power_limit_w: 450,
      pcie_generation: 4,
      pcie_width: 8,
      memory_used_bytes: 1024 * mib,
      throttle_reasons: 0x24,
      thermal_slowdown_us: 3000,
    });
    expect(state && isHeldByHeat(state)).toBe(true);
  });

  it("of older drivers count nothing, and leave unknown what they don't support", () => {
    const [state] = parseNvidiaStates("1, 60, 1500, 2520, [N/A], [N/A], 3, 16, 1024, 0x4\n");
    expect(state).toMatchObject({ index: 1, power_limit_w: null, thermal_slowdown_us: null });
    expect(state && isHeldByHeat(state)).toBe(false);
    expect(parseNvidiaStates("No devices were found\n")).toEqual([]);
  });
});

describe("swap", () => {
  it("is what Linux uses of it, and the pages that came back", () => {
    const root = fakeRoot({
      "proc/meminfo": "MemTotal: 100 kB\nSwapTotal:  2048 kB\nSwapFree:   1024 kB\n",
      "proc/vmstat": "pgpgin 5\npswpin 3\npswpout 9\n",
    });
    expect(linuxSwapping(root)).toEqual({
      usedBytes: mib,
      readBytes: 3 * 4096,
      writtenBytes: 9 * 4096,
      compressedBytes: null,
    });
    expect(linuxSwapping(fakeRoot({}))).toEqual({
      usedBytes: null,
      readBytes: null,
      writtenBytes: null,
      compressedBytes: null,
    });
  });

  it("is what macOS' tools print", () => {
    const usage = "total = 2048.00M  used = 512.50M  free = 1535.50M  (encrypted)\n";
    const statistics =
      "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n" +
      "Pages occupied by compressor:            2.\nSwapins:                12.\nSwapouts:      5.\n";
    expect(parseMacSwapping(usage, statistics)).toEqual({
      usedBytes: 512.5 * mib,
      readBytes: 12 * 16_384,
      writtenBytes: 5 * 16_384,
      compressedBytes: 2 * 16_384,
    });
  });
});

describe("power", () => {
  const cpu = "sys/devices/system/cpu/cpu0/cpufreq";

  it.each([
    ["the firmware's profile", { "sys/firmware/acpi/platform_profile": "low-power\n" }, true],
    [
      "a governor that holds the lowest clock",
      { [`${cpu}/scaling_governor`]: "powersave", [`${cpu}/scaling_driver`]: "acpi-cpufreq" },
      true,
    ],
    [
      "a preference for energy",
      {
        [`${cpu}/scaling_governor`]: "powersave",
        [`${cpu}/scaling_driver`]: "intel_pstate",
        [`${cpu}/energy_performance_preference`]: "power",
      },
      true,
    ],
    [
      "Intel's ordinary governor",
      {
        [`${cpu}/scaling_governor`]: "powersave",
        [`${cpu}/scaling_driver`]: "intel_pstate",
        [`${cpu}/energy_performance_preference`]: "balance_performance",
      },
      false,
    ],
    ["a machine that doesn't tell", {}, null],
  ])("is saved by %s", (_, files, saved) => {
    expect(linuxLowPower(fakeRoot(files))).toBe(saved);
  });

  it("of a Mac comes from where pmset says", () => {
    expect(macPowerSource("Now drawing from 'AC Power'\n -InternalBattery-0")).toBe("ac");
    expect(macPowerSource("Now drawing from 'Battery Power'\n")).toBe("battery");
    expect(macPowerSource("")).toBeNull();
  });
});
