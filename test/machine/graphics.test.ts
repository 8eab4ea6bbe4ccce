import { describe, expect, it } from "vitest";
import { asDevices, toCard } from "../../src/machine/graphics.ts";
import { parseNvidiaSmi } from "../../src/machine/nvidiaCards.ts";

const mib = 2 ** 20;

describe("nvidia-smi's answer", () => {
  it("is a card a line", () => {
    const output =
      "NVIDIA GeForce RTX 4090, 570.86.15, 24564, 3\nNVIDIA GeForce RTX 3090, 570.86.15, 24576, 97\n";
    expect(parseNvidiaSmi(output)).toEqual([
      {
        vendor: "nvidia",
        name: "NVIDIA GeForce RTX 4090",
        memoryBytes: 24_564 * mib,
        driver: "570.86.15",
        busyPercent: 3,
      },
      {
        vendor: "nvidia",
        name: "NVIDIA GeForce RTX 3090",
        memoryBytes: 24_576 * mib,
        driver: "570.86.15",
        busyPercent: 97,
      },
    ]);
  });

  it("without a figure leaves it unknown", () => {
    expect(parseNvidiaSmi("NVIDIA GB10, 580.95.05, [N/A], [N/A]\n")).toMatchObject([
      { memoryBytes: null, busyPercent: null },
    ]);
  });

  it("that is an error message is no card", () => {
    expect(parseNvidiaSmi("No devices were found\n")).toEqual([]);
  });
});

describe("a card as systeminformation lists it", () => {
  it("has the driver's name for it where there is one", () => {
    const card = toCard({
      vendor: "NVIDIA Corporation",
      model: "AD102 [GeForce RTX 4090]",
      name: "NVIDIA GeForce RTX 4090",
      bus: "PCIe",
      vram: 24_564,
      vramDynamic: false,
      driverVersion: "570.86.15",
    });
    expect(card).toMatchObject({
      vendor: "nvidia",
      name: "NVIDIA GeForce RTX 4090",
      memoryBytes: 24_564 * mib,
      driver: "570.86.15",
    });
  });

  it("stands for a llama.cpp device only if a model could go there", () => {
    const cards = [
      toCard({
        vendor: "ASPEED Technology, Inc.",
        model: "ASPEED",
        bus: "",
        vram: 16,
        vramDynamic: false,
      }),
      toCard({
        vendor: "Intel Corporation",
        model: "UHD 770",
        bus: "",
        vram: 256,
        vramDynamic: true,
      }),
      toCard({
        vendor: "AMD",
        model: "Radeon RX 7900 XTX",
        bus: "",
        vram: 24_560,
        vramDynamic: false,
      }),
    ];
    expect(asDevices(cards).map(({ description }) => description)).toEqual(["Radeon RX 7900 XTX"]);
  });
});
