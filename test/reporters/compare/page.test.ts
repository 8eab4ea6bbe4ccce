import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderHtml } from "../../../src/reporters/compare/html.ts";
import { freshFolder } from "../../results/folders.ts";
import { launchChromium, noChromium } from "../chromium.ts";
import { hostile, published, small } from "./reports.ts";
import type { Drawn } from "./reports.ts";

describe.skipIf(noChromium !== null)(
  `a comparison in Chromium${noChromium === null ? "" : ` (skipped: ${noChromium})`}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());

    interface Opened {
      readonly page: Page;
      /** Console messages, errors and requests beside the page itself. */
      readonly noise: string[];
    }

    async function open(
      { report, figures }: Drawn,
      options: BrowserContextOptions = {},
    ): Promise<Opened> {
      const path = join(freshFolder(), "comparison.html");
      writeFileSync(path, renderHtml(report, figures));
      const address = pathToFileURL(path).href;
      const page = await (await browser.newContext(options)).newPage();
      const noise: string[] = [];
      page.on("console", (message) => noise.push(message.text()));
      page.on("pageerror", (error) => noise.push(error.message));
      page.on("dialog", (dialog) => noise.push(dialog.message()));
      page.on("request", (request) => {
        if (request.url() !== address) noise.push(request.url());
      });
      await page.goto(address);
      return { page, noise };
    }

    it("opens from disk without a request, an error or a dialog, hostile texts included", async () => {
      for (const drawn of [await published(), await hostile()]) {
        const { page, noise } = await open(drawn);
        expect(await page.locator("tbody tr").count()).toBe(drawn.report.comparison.pairs.length);
        expect(noise).toEqual([]);
        await page.context().close();
      }
    });

    it("is light on paper whatever the screen is, and cuts no line off", async () => {
      const { page } = await open(await published(), { colorScheme: "dark" });
      const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(await ground()).toBe("rgb(21, 25, 29)");
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      await page.setViewportSize({ width: 688, height: 1000 });
      expect(await ground()).toBe("rgb(255, 255, 255)");
      const cut = await page
        .locator("pre, table, svg")
        .evaluateAll((all) => all.filter((one) => one.scrollWidth > 688).length);
      expect(cut).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(688);
      await page.context().close();
    });

    it("sorts pairs by their ratio, those without one last", async () => {
      const { page } = await open(await published());
      const heading = page.getByRole("columnheader", { name: /^ratio/ });
      await heading.getByRole("button").click();
      const cells = await page.locator("tbody tr > :nth-child(6)").allTextContents();
      const ratios = cells.filter((text) => text !== "").map((text) => Number.parseFloat(text));
      expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
      expect(cells.slice(ratios.length).every((text) => text === "")).toBe(true);
      await page.context().close();
    });

    it("leads from a verdict to what it rests on", async () => {
      const { page } = await open(await published());
      await page.getByRole("link", { name: "rtx-4090-24gb faster" }).first().click();
      const target = page.locator(":target");
      expect(await target.textContent()).toContain("rtx-4090-24gb: Welch on logs");
      const heading = target.locator("xpath=preceding::h3[1]");
      expect(await heading.textContent()).toBe("llama-3-8b q4_k_m, pp512");
      const lines = await target.locator("xpath=following::pre[1]").textContent();
      expect(lines).toContain("llmbench run --model llama-3.1-8b --quant q4_k_m -p 512 -n 0");
      expect(lines).toContain("of rtx-4090-24gb.csv");
      await page.context().close();
    });

    it("shows values where the pointer is", async () => {
      const { page } = await open(await published());
      expect(await page.locator("figure svg title").count()).toBeGreaterThan(50);
      await page.context().close();
    });

    it("fits a window of 360 pixels", async () => {
      for (const drawn of [await published(), await hostile()]) {
        const { page } = await open(drawn, { viewport: { width: 360, height: 740 } });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
        await page.context().close();
      }
    });

    it("passes axe's accessibility audit, light and dark", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page } = await open(await small(), { colorScheme, bypassCSP: true });
        await page.addScriptTag({ content: axe.source });
        const audit = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        expect(audit.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
        await page.context().close();
      }
    });
  },
);
