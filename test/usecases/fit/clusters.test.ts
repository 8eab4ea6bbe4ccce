import { describe, expect, it } from "vitest";
import { usualFitSettings } from "../../../src/fit/memorySettings.ts";
import { parseLink } from "../../../src/machine/link.ts";
import { fit } from "../../../src/usecases/fit/fit.ts";
import { fitTable } from "../../../src/usecases/fit/fitTable.ts";

const settings = usualFitSettings;
const link = parseLink("tb5") ?? undefined;

async function cellsOf(quantization: "q4_0" | "q8_0", ...machines: string[]) {
  const models = ["llama-3.1-405b"];
  return fit({ models, quantizations: [quantization], machines, settings, link });
}

const studio = "m3-ultra-80c-512gb";

describe("machines that are joined", () => {
  it("hold what none of them holds", async () => {
    const [one, two] = await cellsOf("q8_0", studio, `${studio}+${studio}`);
    expect(one?.verdict.fit).not.toBe("full");
    expect(two?.verdict.fit).toBe("full");
    expect(two?.speed?.tg_ts).toBeGreaterThan(0);
  });

  it("are no faster than the fastest of them alone, and slower over a slower link", async () => {
    const cells = await cellsOf("q4_0", studio, `${studio}+${studio}`);
    const [alone = 0, joined = 0] = cells.map(({ speed }) => speed?.tg_ts);
    expect(joined).toBeLessThan(alone);
    const slow = await fit({
      models: ["llama-3.1-405b"],
      quantizations: ["q4_0"],
      machines: [`${studio}+${studio}`],
      settings,
      link: { name: "slow", bytesPerSecond: 1e6, roundTripSeconds: 0.1 },
    });
    expect(slow[0]?.speed?.tg_ts).toBeLessThan(joined);
    expect(slow[0]?.speed?.low).toBeLessThan(slow[0]?.speed?.tg_ts ?? 0);
  });

  it("may be unlike: a token takes each one's share of its time alone", async () => {
    const cells = await fit({
      models: ["llama-2-13b"],
      quantizations: ["q4_0"],
      machines: ["m3-max-40c-64gb", "rtx-4090-24gb", "m3-max-40c-64gb+rtx-4090-24gb"],
      settings,
      link,
    });
    const [mac = 0, card = 0, both = 0] = cells.map(({ speed }) => speed?.tg_ts);
    expect(both).toBeGreaterThan(Math.min(mac, card));
    expect(both).toBeLessThan(Math.max(mac, card));
  });

  it("are told how many it takes, and what another would bring", async () => {
    const holding = fitTable(await cellsOf("q8_0", `${studio}+${studio}`), settings);
    expect(holding).toMatch(
      /two machines hold it .* a third like m3-ultra-80c-512gb would not make it faster/u,
    );
    const small = "m3-ultra-80c-256gb";
    const short = fitTable(await cellsOf("q8_0", `${small}+${small}`), settings);
    expect(short).toMatch(/two machines don't hold it, three would/u);
  });

  it("aren't called faster by what is less than a difference that matters", async () => {
    const mixed = await cellsOf("q4_0", `${studio}+rtx-4090-24gb`);
    expect(fitTable(mixed, settings)).toMatch(
      /a third like rtx-4090-24gb would not make it faster/u,
    );
  });

  it("are seventeen at most, and a link without any means nothing", async () => {
    const many = Array.from({ length: 18 }, () => studio).join("+");
    await expect(cellsOf("q4_0", many)).rejects.toThrow(/18 machines, .* up to 17/u);
    await expect(cellsOf("q4_0", studio)).rejects.toThrow(/--link is between machines/u);
  });

  it("need a link, and each a single description", async () => {
    const asked = { models: ["llama-2-7b"], settings };
    await expect(fit({ ...asked, machines: [`${studio}+${studio}`] })).rejects.toThrow(/--link/u);
    for (const wrong of [`${studio}+`, "+", `this+${studio}`])
      await expect(fit({ ...asked, machines: [wrong], link })).rejects.toThrow(/machine/u);
  });
});
