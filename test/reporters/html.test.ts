import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JournalRow } from "../../src/results/row.ts";
import { freshFolder } from "../results/folders.ts";
import { runLine } from "../results/journals.ts";
import { launchChromium, noChromium } from "./chromium.ts";
import { reportText } from "./reportText.ts";
import { hostile, sweep } from "./sweeps.ts";

const { plan: _, ...run } = runLine;
const render = (cases: readonly JournalRow[]): string => reportText("html", cases, { runs: [run] });

describe("report.html", () => {
  it("asks for nothing and runs nothing but its own script", () => {
    const text = render(sweep);
    expect(text).not.toMatch(/<[^>]+\s(src|srcset|action|on\w+|style)=/i);
    expect([...text.matchAll(/<[^>]+\shref="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      "data:,",
      ...Array.from(text.matchAll(/href="(#note-\d+)"/g), ([, href]) => href),
    ]);
    expect(text).not.toMatch(/@import|url\(/);
    expect(text.match(/<script/g)).toHaveLength(1);
  });

  it("has no character of a hostile row that could begin a tag", () => {
    const text = render([hostile]);
    expect(text).not.toContain("<img");
    expect(text).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("shows at most two thousand rows, and says where the others are", () => {
    const cases = Array.from({ length: 2001 }, (__, index) =>
      Object.assign({}, sweep[0], { case_id: String(index) }),
    ) as JournalRow[];
    const text = render(cases);
    expect(text.match(/<tr>/g)).toHaveLength(2001);
    expect(text).toContain("The first 2000 of 2001 rows; all are in results.csv.");
  });

  it("tells of a run without results", () => {
    expect(render([])).toContain("No case has a result.");
  });
});

function columnTexts(page: Page, column: number): Promise<string[]> {
  return page.locator(`tbody tr > :nth-child(${column})`).allTextContents();
}

describe.skipIf(noChromium !== null)(
  `report.html in Chromium${noChromium === null ? "" : ` (skipped: ${noChromium})`}`,
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
      cases: readonly JournalRow[],
      options: BrowserContextOptions = {},
    ): Promise<Opened> {
      const path = join(freshFolder(), "report.html");
      writeFileSync(path, render(cases));
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

    it("opens from disk without a request, an error or a dialog, hostile rows included", async () => {
      const { page, noise } = await open([...sweep, hostile]);
      expect(await page.locator("tbody tr").count()).toBe(sweep.length + 1);
      expect(await page.locator("img, [onerror], [onclick], [style], main script").count()).toBe(0);
      expect(noise).toEqual([]);
      await page.context().close();
    });

    it("sorts by the heading that is pressed, rows without a value last", async () => {
      const { page, noise } = await open(sweep);
      const heading = page.getByRole("columnheader", { name: "t/s" });
      const before = await columnTexts(page, 3);
      await heading.getByRole("button").click();
      const risen = await columnTexts(page, 3);
      expect(risen.slice(0, 4)).toEqual([
        "42.17 ± 0.21",
        "66.31 ± 0.31",
        "741.02 ± 3.71",
        "758.94 ± 3.79",
      ]);
      expect(risen.slice(4)).toEqual(["does not fit", "crashed"]);
      expect(await heading.getAttribute("aria-sort")).toBe("ascending");
      await heading.getByRole("button").press("Enter");
      expect((await columnTexts(page, 3)).slice(0, 4)).toEqual(risen.slice(0, 4).reverse());
      await page.getByRole("columnheader", { name: "model" }).getByRole("button").click();
      expect((await columnTexts(page, 1))[0]).toBe("llama-2-7b q4_0");
      expect(await heading.getAttribute("aria-sort")).toBeNull();
      expect(before.toSorted()).toEqual((await columnTexts(page, 3)).toSorted());
      expect(noise).toEqual([]);
      await page.context().close();
    });

    it("fits a window of 360 pixels, wide tables scrolling on their own", async () => {
      for (const cases of [sweep, [hostile]]) {
        const { page } = await open(cases, { viewport: { width: 360, height: 740 } });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
        await page.context().close();
      }
    });

    it("passes axe's accessibility audit, light and dark", async () => {
      const axe = readFileSync(
        createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
        "utf8",
      );
      for (const colorScheme of ["light", "dark"] as const) {
        const { page } = await open(sweep, { colorScheme, bypassCSP: true });
        await page.addScriptTag({ content: axe });
        const audit = (await page.evaluate("axe.run()")) as { violations: { id: string }[] };
        expect(audit.violations.map(({ id }) => id)).toEqual([]);
        await page.context().close();
      }
    });
  },
);
