import { describe, expect, it } from "vitest";
import {
  linuxPowerMode,
  linuxPowerSource,
  macPowerMode,
  powerMode,
  windowsPowerMode,
} from "../../src/machine/power.ts";
import { fakeRoot } from "./fakeRoot.ts";

function supplies(
  listed: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(listed).flatMap(([name, files]) =>
      Object.entries(files).map(([file, text]) => [
        `sys/class/power_supply/${name}/${file}`,
        `${text}\n`,
      ]),
    ),
  );
}

describe("Linux' power source", () => {
  it.each([
    [
      "a full laptop on its charger, whatever the charger's name",
      { ACAD: { type: "Mains", online: "1" }, BATT: { type: "Battery", status: "Full" } },
      "ac",
    ],
    [
      "a laptop without its charger",
      { ADP1: { type: "Mains", online: "0" }, BAT0: { type: "Battery", status: "Discharging" } },
      "battery",
    ],
    [
      "a laptop that lists only its battery",
      { BAT0: { type: "Battery", status: "Charging" } },
      "ac",
    ],
    [
      "a desktop with a wireless mouse",
      { hidpp_battery_0: { type: "Battery", status: "Discharging", scope: "Device" } },
      null,
    ],
    ["a desktop", {}, null],
  ])("of %s", (_, listed, source) => {
    expect(linuxPowerSource(fakeRoot(supplies(listed)))).toBe(source);
  });
});

describe("the power mode", () => {
  it.each([
    [" powermode            2\n lowpowermode         0\n", "high power"],
    [" powermode            0\n lowpowermode         0\n", "automatic"],
    [" womp                 0\n lowpowermode         1\n", "low power"],
    [" sleep                1\n", null],
  ])("of macOS is read from pmset: %j", (settings, mode) => {
    expect(macPowerMode(`Currently in use:\n standby              1\n${settings}`)).toBe(mode);
  });

  const profile = { "sys/firmware/acpi/platform_profile": "balanced\n" };
  const governor = { "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n" };
  it.each([
    [{ ...profile, ...governor }, "balanced (governor powersave)"],
    [profile, "balanced"],
    [governor, "governor powersave"],
    [{}, null],
  ])("of Linux is the firmware's profile and the governor: %j", (files, mode) => {
    expect(linuxPowerMode(fakeRoot(files))).toBe(mode);
  });

  it.each([
    [
      "Power Scheme GUID: 8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c  (High performance)\r\n",
      "high performance",
    ],
    [
      "GUID des Energieschemas: 381b4222-f694-41f0-9685-ff5bb260df2e  (Ausbalanciert)\r\n",
      "balanced",
    ],
    ["Power Scheme GUID: 11111111-2222-3333-4444-555555555555  (Turbo)\r\n", "Turbo"],
    ["", null],
  ])("of Windows is its plan, in any language: %j", (scheme, mode) => {
    expect(windowsPowerMode(scheme)).toBe(mode);
  });

  it("is unknown on any other system", async () => {
    expect(await powerMode("freebsd")).toBeNull();
  });
});
