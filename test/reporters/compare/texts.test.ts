import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import {
  comparisonReport,
  type ComparisonReport,
} from "../../../src/reporters/compare/comparisonReport.ts";
import { renderCsv } from "../../../src/reporters/compare/csv.ts";
import { drawFigures } from "../../../src/reporters/compare/figures/figures.ts";
import { renderHtml } from "../../../src/reporters/compare/html.ts";
import { renderJson } from "../../../src/reporters/compare/json.ts";
import { renderMarkdown } from "../../../src/reporters/compare/markdown.ts";
import { renderTerminal } from "../../../src/reporters/compare/terminal.ts";
import { compareRows, gib, misfit, row } from "../../compare/rows.ts";
import {
  headline,
  hostile,
  hostileReport,
  hostileText,
  known,
  published,
  publishedReport,
  small,
} from "./reports.ts";

const csvText = (report: ComparisonReport): string => [...renderCsv(report)].join("");

interface JsonPair {
  readonly results: readonly object[];
}

const wide = {
  width: 120,
  isTerminal: false,
  verbose: false,
  emphasize: (text: string) => text,
};

describe("every format", () => {
  it("gives the same bytes for the same comparison", async () => {
    const { report: one, figures: pictures } = await published();
    const two = await publishedReport();
    const again = await drawFigures(two);
    expect(renderHtml(two, again)).toBe(renderHtml(one, pictures));
    expect(renderMarkdown(two, again, "c")).toEqual(renderMarkdown(one, pictures, "c"));
    expect(renderTerminal(two, wide)).toBe(renderTerminal(one, wide));
    expect(csvText(two)).toBe(csvText(one));
    expect(renderJson(two)).toBe(renderJson(one));
  });
});

describe("the terminal", () => {
  it("shows pairs, bars and words, and says why a bar is missing", async () => {
    const text = renderTerminal(await publishedReport(), { ...wide, verbose: true });
    expect(text).toMatch(
      /\| llama-3-8b q4_k_m +\| tg512 +\| rtx-4090-24gb +\| +48\.97 \| +130\.58 \| +2\.67 \(2\.59 to 2\.74\) \| rtx-4090-24gb faster/,
    );
    expect(text).toMatch(/rtx-4090-24gb +█{20,}\S? 131/);
    expect(text).toMatch(/rtx-4090-24gb +not on its GPU: 39\.7 of 24\.0 GiB/);
    expect(text).toContain('- "m3-max-40c-64gb wins for big-model inference"');
  });

  it("counts the cases that others of the same machine and test stand for", () => {
    const other = row({ machine: "mac", case_id: "other", n_ubatch: 256 });
    const both = compareRows([[row({ machine: "mac" }), other], [row()]]);
    const text = renderTerminal(comparisonReport(both, [], [], known), wide);
    expect(text).toContain("1 further case of the same tests not compared.");
  });

  it("shows no table and makes no claim where nothing was measured or paired", () => {
    const mac = { machine: "mac", backend: "metal", gpu_budget_bytes: 48 * gib } as const;
    const failed = compareRows([[misfit(mac)], [misfit()]]);
    const text = renderTerminal(comparisonReport(failed, [], [], known), wide);
    expect(text).toContain("None of the cases that are paired was measured.");
    expect(text).toContain("--verbose shows the pair with its interval.");
    expect(text).not.toMatch(/^model/);

    const apart = compareRows([[row({ ...mac, model: "llama-2-13b" })], [row()]]);
    const report = comparisonReport(apart, [], [], known);
    expect(report.headline).toEqual([]);
    expect(renderTerminal(report, wide)).toMatch(/^Nothing to compare/);
  });

  it("says which work can't be told apart, and holds a claim to models that are large", () => {
    const mac = { machine: "mac", backend: "metal", gpu_budget_bytes: 48 * gib } as const;
    const prompt = { test: "pp512", n_prompt: 512, n_gen: 0 } as const;
    const alike = compareRows([
      [row(mac), row({ ...mac, ...prompt })],
      [row(), row(prompt)],
    ]);
    expect(comparisonReport(alike, [], [], known).headline).toEqual([
      expect.stringMatching(
        /: neither surely writes faster \(1 test\); neither surely reads faster \(1 test\)\.$/,
      ),
      '"mac wins for big-model inference": not tested, because no model here is large for either.',
      expect.stringMatching(/^Measured with /),
    ]);
  });

  it("obeys nothing that a file says", () => {
    expect(renderTerminal(hostileReport(), wide).replaceAll("\n", "")).not.toMatch(
      /[\p{Cc}\p{Cf}]/u,
    );
  });
});

describe("the CSV", () => {
  it("has a row a pair, with both sides, and reads back", async () => {
    const report = await publishedReport();
    const rows = parse(csvText(report), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(report.comparison.pairs.length);
    const pair = rows.find(
      ({ test, model, other }) => `${model} ${test} ${other}` === "llama-3-8b tg1024 rtx-4090-24gb",
    );
    expect(pair).toMatchObject({
      verdict: "faster",
      winner: "rtx-4090-24gb",
      baseline_avg_ts: "50.74",
      other_avg_ts: "127.74",
    });
  });

  it("has all columns of --json, whether anything is paired or not", async () => {
    const report = await publishedReport();
    const [header] = csvText(report).split("\r\n");
    const { results, ...pair } = (JSON.parse(renderJson(report)) as { pairs: [JsonPair] }).pairs[0];
    const sides = ["baseline", "other"].flatMap((side, at) =>
      Object.keys(results[at] ?? {}).map((name) => `${side}_${name}`),
    );
    expect(header?.split(",")).toEqual([...Object.keys(pair), ...sides]);
    const empty = { ...report, comparison: { ...report.comparison, pairs: [] } };
    expect(csvText(empty)).toBe(`${header}\r\n`);
  });
});

describe("Markdown", () => {
  it("links its pictures, which stand beside it and bring their own colours", async () => {
    const { report, figures } = await published();
    const { text, pictures } = renderMarkdown(report, figures, "mac or rtx");
    const links = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, link]) =>
      decodeURIComponent(link ?? ""),
    );
    expect(links).toEqual([...pictures.keys()]);
    for (const svg of pictures.values()) {
      expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"[^>]*><style>/);
      expect(svg).toContain("prefers-color-scheme: dark");
    }
  });
});

describe("pictures", () => {
  it.each([
    ["published", published, "cliff-writing cliff-reading speed answers precision"],
    ["headline", headline, "cliff-writing cliff-reading speed answers precision"],
    [
      "predicted",
      small,
      "cliff-writing cliff-reading map-dense map-mixture speed answers precision",
    ],
  ])("are those that the data fill (%s)", async (_, drawn, ids) => {
    const { figures } = await drawn();
    expect(figures.map(({ id }) => id).join(" ")).toBe(ids);
  });

  it("have one width, so that letters have one size on a page", async () => {
    for (const { figures } of [await published(), await small()]) {
      const widths = figures.map(({ svg }) => /^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1]);
      expect(new Set(widths)).toEqual(new Set(["420"]));
      const sizes = figures.flatMap(({ svg }) => svg.match(/font-size="[^"]+"/g) ?? []);
      expect(new Set(sizes)).toEqual(new Set(['font-size="12px"']));
    }
  });

  it("show values on hovering, and the same facts as text", async () => {
    const speed = (await published()).figures.find(({ id }) => id === "speed");
    expect(speed?.svg).toContain("<title>llama-3-8b q4_k_m, rtx-4090-24gb: 131</title>");
    expect(speed?.facts).toContain("tg512, t/s: llama-3-8b q4_k_m, rtx-4090-24gb: 131");
    expect(speed?.facts).toContain(
      "tg512, t/s: llama-3-70b q4_k_m, rtx-4090-24gb: not on its GPU: 39.7 of 24.0 GiB at 512 tokens",
    );
  });

  it("escape what comes from files", async () => {
    for (const { svg } of (await hostile()).figures) {
      expect(svg).not.toContain("<img");
      expect(svg).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe("the page", () => {
  it("of the headline suite on four machines stays below 1 MB", async () => {
    const { report, figures } = await headline();
    expect(report.comparison.pairs).toHaveLength(72);
    expect(Buffer.byteLength(renderHtml(report, figures))).toBeLessThan(1e6);
  });

  it("asks for nothing and holds no tag that a file wrote", async () => {
    const { report, figures } = await hostile();
    const text = renderHtml(report, figures);
    const withoutValues = text.replaceAll(/="[^"]*"/g, "=");
    expect(withoutValues).not.toMatch(/<[^>]+\s(src|srcset|action|on\w+|style)=/i);
    expect(text).not.toContain("<img");
    expect(text).not.toMatch(/@import|url\(/);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(hostileText).toContain("<img");
  });
});
