import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBundle } from "../../../src/reporters/bundle/readBundle.ts";
import { verifyBundle } from "../../../src/reporters/bundle/verifyBundle.ts";
import { columnNames } from "../../../src/results/columns/columns.ts";
import { firstEdition } from "../../../src/results/columns/firstEdition.ts";
import { llmbench } from "../../cli/llmbench.ts";
import { freshFolder } from "../../results/folders.ts";
import {
  bundleOf,
  firstEditionBundle,
  packed,
  packedWithHashes,
  replaced,
  runFolder,
  unpacked,
} from "./bundles.ts";

const journal = "results.jsonl";
const csv = "results.csv";

describe("a bundle", () => {
  it("holds the journal, what is made of it, and their hashes", async () => {
    const folder = runFolder();
    const files = unpacked(await bundleOf(folder));
    expect(Object.keys(files)).toEqual([
      journal,
      csv,
      "report.md",
      "report.html",
      "environment.json",
      "SHA256SUMS",
    ]);
    expect(Buffer.from(files[journal] ?? [])).toEqual(readFileSync(join(folder, journal)));
    expect(JSON.parse(Buffer.from(files["environment.json"] ?? []).toString())).toMatchObject({
      run: { machine: { name: "m3-max-40c-64gb" }, engine: { engine_version: "v0.4.0" } },
    });
  });

  it("has the same bytes from the same journal, wherever and when it is made", async () => {
    const elsewhere = join(freshFolder(), "mac.zip");
    const { stdout } = llmbench(["report", runFolder(), "--bundle", elsewhere], {
      TZ: "Pacific/Auckland",
    });
    expect(stdout).toBe(`${elsewhere}\n`);
    expect(readFileSync(elsewhere)).toEqual(readFileSync(await bundleOf()));
  });

  it("goes to a folder, which is made", () => {
    const folder = join(freshFolder(), "new", "folder");
    expect(llmbench(["report", "--bundle", runFolder(), "--output-dir", folder]).stdout).toBe(
      `${join(folder, "bundle.zip")}\n`,
    );
  });

  it.skipIf(process.platform === "win32")("holds as sha256sum sees it", async () => {
    const folder = freshFolder();
    for (const [name, bytes] of Object.entries(unpacked(await bundleOf())))
      writeFileSync(join(folder, name), bytes);
    const options = { cwd: folder, encoding: "utf8" } as const;
    const [program, ...args] = process.platform === "darwin" ? ["shasum", "-a256"] : ["sha256sum"];
    expect(execFileSync(program ?? "", [...args, "-c", "SHA256SUMS"], options)).toContain(
      `${csv}: OK`,
    );
  });

  it.each([
    [["--bundle", "-o", "csv"], /--output prints and --bundle writes/],
    [["--bundle", "a.zip", "--output-dir", "b"], /both name a place/],
    [["--bundle=a.tar"], /^llmbench: --bundle: expected the path of a \.zip, got "a\.tar"/],
  ])("is refused beside what contradicts it: %j", (flags, message) => {
    const { status, stderr } = llmbench(["report", runFolder(), ...flags]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it("is made of a journal, not of rows alone", async () => {
    const path = join(freshFolder(), "mac.csv");
    writeFileSync(path, unpacked(await bundleOf())[csv] ?? "");
    await expect(bundleOf(path)).rejects.toThrow(
      /mac\.csv: a bundle is made of a run's journal; give the run's folder/,
    );
  });
});

/** What speaks against a bundle. */
async function against(path: string): Promise<string[]> {
  const checks = await verifyBundle(await readBundle(path));
  return checks.flatMap((check) => check.against);
}

describe("llmbench verify", () => {
  it("recomputes every number, and exits 0 where all holds", async () => {
    const { status, stdout, stderr } = llmbench(["verify", await bundleOf()]);
    expect(stderr).toBe("");
    expect(stdout).not.toContain("does not hold");
    expect(stdout).toMatch(/holds: \d+ figures of 3 cases follow from 8 samples/);
    expect(status).toBe(0);
  });

  it("takes a journal with a torn last line for what it is", async () => {
    const torn = runFolder((text) => `${text}{"type":"case","case_`);
    expect(await against(await bundleOf(torn))).toEqual([]);
  });

  it("takes launches to differ by as much as the run took them to", async () => {
    const noise = {
      prompt_sd: 0.02,
      generation_sd: 0.02,
      launches: 10,
      measured_on: "tinyllama-1.1b q4_0",
      measured_at: "2026-11-23T14:00:00Z",
    };
    const known = `"options":${JSON.stringify({ noise }).slice(0, -1)},`;
    const folder = runFolder((text) => text.replace('"options":{', known));
    const found = await against(await bundleOf(folder));
    expect(found.map((text) => /: (\w+) is/.exec(text)?.[1])).toEqual([
      "ci95_low_ts",
      "ci95_high_ts",
    ]);
  });

  it("finds a CSV that was tampered with, and names row and column", async () => {
    const files = unpacked(await bundleOf());
    files[csv] = replaced(files[csv], ",measured,", ",failed,");
    const made =
      /results\.csv is not what the journal gives: line 2, status is "failed" where "measured" follows/;
    const { status, stdout } = llmbench(["verify", packed(files)]);
    expect(stdout).toMatch(/results\.csv has another SHA-256 than SHA256SUMS says/);
    expect(stdout).toMatch(made);
    expect(status).toBe(1);
    expect(await against(packedWithHashes(files))).toEqual([expect.stringMatching(made)]);
  });

  it("finds a journal that was tampered with, all else made to fit", async () => {
    const folder = runFolder((text) => text.replace(/"avg_ts":[\d.]+/, '"avg_ts":99.5'));
    const { status, stdout } = llmbench(["verify", await bundleOf(folder)]);
    expect(stdout).toMatch(
      /llama-2-7b q4_0, tg128: avg_ts is 99\.5, its measurements give 66\.\d+/,
    );
    expect(stdout.match(/does not hold/g)).toHaveLength(1);
    expect(status).toBe(1);
  });

  it.each([
    "median_ts",
    "mad_ts",
    "min_ts",
    "max_ts",
    "stddev_ts",
    "ci95_low_ts",
    "ci95_high_ts",
    "sd_within_ts",
    "sd_between_ts",
    "token_p50_ms",
    "token_p90_ms",
    "device_bytes_measured",
    "kv_bytes",
  ])("recomputes %s", async (column) => {
    const number = new RegExp(`"${column}":[\\d.]+`);
    const folder = runFolder((text) => text.replace(number, `"${column}":99`));
    expect(await against(await bundleOf(folder))).toEqual([
      expect.stringContaining(`${column} is 99, its measurements give `),
    ]);
  });

  it("finds a speed that has no samples", async () => {
    const folder = runFolder((text) =>
      text.replace(/"launch_results":\[\{.*?\}\]/, '"launch_results":[]'),
    );
    expect(await against(await bundleOf(folder))).toContainEqual(
      expect.stringMatching(/avg_ts is 66\.\d+, its measurements give nothing/),
    );
  });

  it("finds a journal that is none, and files that are missing", async () => {
    const files = unpacked(await bundleOf());
    const torn = { ...files, [journal]: replaced(files[journal], '{"type":"case"', "case") };
    expect(await against(packedWithHashes(torn))).toEqual([
      "results.jsonl:2: not JSON; a copy without that line can be read",
    ]);
    const { "report.md": _, ...fewer } = files;
    expect(await against(packed(fewer))).toEqual(["report.md is missing"]);
  });

  it("says which version made what it would make otherwise", async () => {
    const files = unpacked(await bundleOf());
    files["environment.json"] = replaced(files["environment.json"], "llmbench 0", "llmbench 9");
    expect(await against(packedWithHashes(files))).toEqual([
      expect.stringMatching(
        /environment\.json is not .*; it was made by llmbench 9\.\S+, this is llmbench 0/,
      ),
    ]);
  });
});

describe("a bundle of the first edition, whose CSV has fewer columns", () => {
  it("holds, byte for byte", async () => {
    const files = unpacked(firstEditionBundle);
    expect(headerOf(files[csv])).toEqual([...firstEdition]);
    expect(await against(firstEditionBundle)).toEqual([]);
  });

  it("does not where a cell was changed", async () => {
    const files = unpacked(firstEditionBundle);
    files[csv] = replaced(files[csv], ",measured,", ",failed,");
    expect(await against(packedWithHashes(files))).toEqual([
      expect.stringMatching(/line 2, status is "failed" where "measured" follows/),
    ]);
  });

  it("is held against today's columns where it has neither these nor those", async () => {
    const files = unpacked(firstEditionBundle);
    files[csv] = replaced(files[csv], ",header_of\r\n", ",header_of,more\r\n");
    expect(await against(packedWithHashes(files))).toEqual([
      expect.stringMatching(/line 1, metric is "more\\r" where "metric" follows/),
    ]);
  });
});

describe("a bundle of today", () => {
  it("has all columns", async () => {
    expect(headerOf(unpacked(await bundleOf())[csv])).toEqual([...columnNames]);
  });
});

function headerOf(file: Uint8Array | undefined): string[] {
  return (
    Buffer.from(file ?? [])
      .toString("utf8")
      .split("\r\n")[0] ?? ""
  ).split(",");
}

/** Changes the size that the central directory declares of the first entry (APPNOTE.TXT 4.3.12, at 24). */
function declaring(bundle: string, bytes: number): string {
  const archive = readFileSync(bundle);
  archive.writeUInt32LE(bytes, archive.indexOf("PK\u0001\u0002", "latin1") + 24);
  writeFileSync(bundle, archive);
  return bundle;
}

function cutTo(share: number, bundle: string): string {
  const archive = readFileSync(bundle);
  writeFileSync(bundle, archive.subarray(0, Math.floor(archive.length * share)));
  return bundle;
}

async function bundleWith(name: string): Promise<string> {
  const files = Object.entries(unpacked(await bundleOf()));
  return packed(Object.fromEntries([...files, [name, Buffer.from("evil")]]));
}

describe("what is no bundle", () => {
  it("ends verify with exit code 2: truncated, an entry elsewhere, a bomb", async () => {
    const made: [string, RegExp][] = [
      [cutTo(0.5, await bundleOf()), /no bundle of llmbench: not a whole zip/],
      [
        await bundleWith("../../evil.txt"),
        /it holds "\.\.\/\.\.\/evil\.txt", which belongs to none/,
      ],
      [declaring(await bundleOf(), 600 * 2 ** 20), /it holds more than 512 MiB/],
    ];
    for (const [path, message] of made) {
      const { status, stdout, stderr } = llmbench(["verify", path]);
      expect(stderr).toMatch(message);
      expect(stdout).toBe("");
      expect(status).toBe(2);
    }
  });

  it("is refused: no file, a folder, another file, an empty one", async () => {
    const folder = freshFolder();
    const [text, empty] = [join(folder, "notes.txt"), join(folder, "empty.zip")];
    writeFileSync(text, "notes");
    writeFileSync(empty, "");
    mkdirSync(join(folder, "below"));
    await expect(readBundle(join(folder, "missing.zip"))).rejects.toThrow(
      /missing\.zip: can't be read: no such file/,
    );
    await expect(readBundle(folder)).rejects.toThrow(/can't be read: it is a folder/);
    await expect(readBundle(text)).rejects.toThrow(
      /notes\.txt: no bundle of llmbench: not a whole zip .*llmbench report DIR --bundle makes one/,
    );
    await expect(readBundle(empty)).rejects.toThrow(/no bundle of llmbench/);
  });

  it.each([0.1, 0.9, 0.999])("is refused: %d of an archive", async (share) => {
    const cut = cutTo(share, await bundleOf());
    await expect(readBundle(cut)).rejects.toMatchObject({ code: "input" });
  });

  it.each(["/etc/evil", "C:\\evil", "a/results.csv", "results.csv/", "toString"])(
    "is refused: an entry %s",
    async (name) => {
      await expect(readBundle(await bundleWith(name))).rejects.toThrow(/which belongs to none/);
    },
  );

  it("is refused: another zip, without a journal", async () => {
    const { [journal]: _, ...others } = unpacked(await bundleOf());
    await expect(readBundle(packed(others))).rejects.toThrow(/it holds no results\.jsonl/);
    await expect(readBundle(packed({}))).rejects.toThrow(/it holds no results\.jsonl/);
  });

  it("does not hold: a bomb that declares less; only that much is unpacked", async () => {
    const zeros = { ...unpacked(await bundleOf()), [journal]: Buffer.alloc(30 * 2 ** 20) };
    const bomb = declaring(packedWithHashes(zeros), 1000);
    expect((await readBundle(bomb)).get(journal)).toHaveLength(1000);
    expect(await against(bomb)).toContainEqual(
      expect.stringMatching(/results\.jsonl has another SHA-256/),
    );
  });
});
