import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  comparisonReport,
  type ComparisonReport,
} from "../../../../src/reporters/compare/comparisonReport.ts";
import { drawFigures } from "../../../../src/reporters/compare/figures/figures.ts";
import { standalone } from "../../../../src/reporters/compare/drawing/theme.ts";
import { customMix, mixes } from "../../../../src/compare/answers/mixes.ts";
import { compareReference } from "../../../compare/reference.ts";
import { compareRows, mac, misfit, row, steady } from "../../../compare/rows.ts";
import { launchChromium, noChromium } from "../../chromium.ts";
import { hostileReport, known, predicting } from "../reports.ts";

const longName = "a-machine-under-somebody-s-desk-with-a-name-that-says-all-of-it-and-more";

function written(machine: string, speed: number) {
  const models = ["llama-2-7b", "a-model-of-somebody-s-own-that-was-merged-and-named-by-hand"];
  return models.map((model, i) =>
    row({ machine, model, weights_bytes: (i + 1) * 4 * 2 ** 30, ...steady(speed) }),
  );
}

function trained(machine: string, speed: number) {
  return ["f32", "bf16"].map((precision, i) =>
    row({ machine, test: `train512 b4 ${precision}`, ...steady(speed * (i + 1)) }),
  );
}

/** Comparisons of every kind that a page is made of. */
const reports: Readonly<Record<string, () => ComparisonReport | Promise<ComparisonReport>>> = {
  "two machines": async () =>
    comparisonReport(
      await compareReference(["m3-max-40c-64gb", "rtx-4090-24gb"]),
      [customMix(50, 3000)],
      [],
      predicting,
    ),
  "five machines": async () =>
    comparisonReport(
      await compareReference([
        "m3-max-40c-64gb",
        "rtx-4090-24gb",
        "2x-rtx-4090-24gb",
        "m2-ultra-76c-192gb",
        "rtx-4080-16gb",
      ]),
      [mixes.rag],
      [],
      known,
    ),
  "machines of this year": async () =>
    comparisonReport(
      await compareReference(["dgx-spark", "ryzen-ai-max-395-128gb"]),
      [],
      [],
      known,
    ),
  "nothing in common": () =>
    comparisonReport(
      compareRows([[row({ ...mac, model: "llama-2-13b" })], [row()]]),
      [],
      [],
      known,
    ),
  "nothing measured": () =>
    comparisonReport(compareRows([[misfit(mac)], [misfit()]]), [], [], known),
  "hostile names": () => hostileReport(),
  "long names": () => {
    const joined = `${longName}+${longName}`;
    const files = [written(longName, 100), written("box", 120), written(joined, 150)];
    return comparisonReport(compareRows(files), [], [], predicting);
  },
  training: () => {
    const files = [trained("a-box-with-a-long-name-24gb", 100), trained("another-box-48gb", 250)];
    return comparisonReport(compareRows(files), [], [], known);
  },
};

interface Word {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly words: readonly Word[];
}

/** The words of a picture as a browser draws them. */
async function drawingOf(page: Page, svg: string): Promise<Drawing> {
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  const [drawing] = await page.locator("svg").evaluateAll((all) =>
    all.slice(0, 1).map((one) => {
      const frame = one.getBoundingClientRect();
      const words = [...one.querySelectorAll("text")].map((text) => {
        const { x, y, width, height } = text.getBoundingClientRect();
        return {
          text: [...text.childNodes]
            .filter((node) => node.nodeType === 3)
            .map((node) => node.textContent)
            .join(""),
          x: x - frame.x,
          y: y - frame.y,
          width,
          height,
        };
      });
      return { width: frame.width, height: frame.height, words };
    }),
  );
  if (drawing === undefined) throw new Error("no picture");
  return { ...drawing, words: drawing.words.filter(({ text }) => text.trim() !== "") };
}

/** Letters are lower than their line: what lies within it by a pixel or two covers nothing. */
const slack = 3;

function overlapping(words: readonly Word[]): string[] {
  return words.flatMap((a, i) =>
    words
      .slice(i + 1)
      .filter(
        (b) =>
          a.x + a.width - 1 > b.x &&
          b.x + b.width - 1 > a.x &&
          a.y + a.height - slack > b.y &&
          b.y + b.height - slack > a.y,
      )
      .map((b) => `${a.text} / ${b.text}`),
  );
}

describe.skipIf(noChromium !== null)("pictures as a browser draws them", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(Object.keys(reports))(
    "of %s: no words cover others, and none is cut off",
    async (name) => {
      const report = await reports[name]?.();
      const page = await browser.newPage();
      for (const { id, svg } of report === undefined ? [] : await drawFigures(report)) {
        const { width, height, words } = await drawingOf(page, standalone(svg));
        expect([id, overlapping(words)]).toEqual([id, []]);
        const cut = words.filter(
          (word) =>
            word.x < -1 ||
            word.y < -slack ||
            word.x + word.width > width + 1 ||
            word.y + word.height > height + slack,
        );
        expect([id, cut.map(({ text }) => text)]).toEqual([id, []]);
      }
      await page.close();
    },
  );
});
