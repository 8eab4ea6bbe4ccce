import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderHtml } from "../../../src/reporters/compare/html.ts";
import { freshFolder } from "../../results/folders.ts";
import { launchChromium, noChromium } from "../chromium.ts";
import { hostile, offloading, published, small } from "./reports.ts";
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
      const cells = await page.locator("tbody tr > :nth-child(3)").allTextContents();
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
      expect(await heading.textContent()).toBe("llama-3-8b q4_k_m");
      expect(await target.isVisible()).toBe(true);
      const command = await target.locator("xpath=following::pre[1]").textContent();
      expect(command).toContain("llmbench run --model llama-3.1-8b --quant q4_k_m -p 512,1024");
      await page.context().close();
    });

    it("copies a command on a press", async () => {
      const { page } = await open(await published(), {
        permissions: ["clipboard-read", "clipboard-write"],
      });
      await page.locator("details.part").evaluateAll((all) => {
        for (const one of all) (one as unknown as { open: boolean }).open = true;
      });
      const block = page.locator(".command").first();
      await block.getByRole("button").click();
      expect(await block.getByRole("button").textContent()).toBe("Copied");
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
        await block.locator("pre").textContent(),
      );
      await page.context().close();
    });

    it("answers on its first screen: who wins what both hold, for which use, and who holds the large model", async () => {
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 400, height: 800 },
      ]) {
        const { page } = await open(await offloading(), { viewport });
        const seen = await page.locator("main :is(p, dt, dd, li)").evaluateAll(
          (all, height) =>
            all
              .filter((one) => one.getBoundingClientRect().bottom <= height)
              .map((one) => one.textContent ?? "")
              .join("\n"),
          viewport.height,
        );
        for (const text of [
          "×2.43–3.06",
          "×7.99–12.2",
          "Chat",
          "m3-max-40c-64gb answers sooner",
          "Long documents",
          "rtx-4090-24gb answers sooner",
          "holds llama-3-70b q4_k_m",
          "39 of 81 layers on its CPU",
        ])
          expect(seen).toContain(text);
        await page.context().close();
      }
    });

    it("shows model, verdict and ratio in a window of 400 pixels without scrolling sideways", async () => {
      const { page } = await open(await published(), { viewport: { width: 400, height: 800 } });
      for (const name of [/^model/, /^ratio/, /^verdict/]) {
        const box = await page.getByRole("columnheader", { name }).boundingBox();
        expect(box?.x).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(400);
      }
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

    it("passes axe's accessibility audit, light and dark, all unfolded", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page } = await open(await small(), { colorScheme, bypassCSP: true });
        await page.locator("details").evaluateAll((all) => {
          for (const one of all) (one as unknown as { open: boolean }).open = true;
        });
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
