import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { packageFolder } from "../../src/base/packageFolder.ts";
import { readYamlFile } from "../../src/base/yamlFile.ts";
import { describedBudget } from "../../src/machine/describedMachine.ts";
import {
  findMachines,
  loadMachines,
  readMachineFile,
  readMachines,
} from "../../src/machine/machineCatalogue.ts";
import { machineFileSchema, machineJsonSchema } from "../../src/machine/machineFile.ts";

const gib = 2 ** 30;
const shippedFolder = packageFolder("configs/machines");
const shippedFiles = readdirSync(shippedFolder).filter((file) => file.endsWith(".yaml"));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of machine files, and the path of the first. */
function written(...texts: string[]): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "llmbench-machines-"));
  folders.push(folder);
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `m${index}.yaml`), text);
  return { folder, path: join(folder, "m0.yaml") };
}

const ownBox = `
sources: { real: the maker's page }
discrete:
  - gpu: NVIDIA GeForce RTX 3090
    backend: cuda
    memory_gib: [24]
    counts: [4]
    bandwidth_gbs: { value: 936, source: NVIDIA }
host:
  ram_gib: { value: 128, source: installed }
  bandwidth_gbs: { value: 51.2, source: two channels of DDR4 at 3200 }
`;

const ownMac = `
unified:
  - chip: Apple M3 Max
    gpu_cores: 40
    backend: metal
    ram_gib: [64]
    bandwidth_gbs: { value: 400, source: Apple }
`;

/** The box with two entries. */
const twoGpus = `${ownBox.slice(0, ownBox.indexOf("host:"))}
  - gpu: NVIDIA GeForce RTX 4090
    backend: cuda
    memory_gib: [24]
    bandwidth_gbs: { value: 1008, source: NVIDIA }
${ownBox.slice(ownBox.indexOf("host:"))}`;

function budgetMib(id: string): number[] {
  return findMachines(id).flatMap((machine) =>
    describedBudget(machine).devices.map(({ budgetBytes }) => budgetBytes / 2 ** 20),
  );
}

describe("the machines that come with llmbench", () => {
  const ids = loadMachines().map(({ id }) => id);

  it("are those that the question of Mac or RTX turns on", () => {
    expect(ids).toEqual(
      expect.arrayContaining([
        "m1-8c-16gb",
        "m1-max-32c-64gb",
        "m2-ultra-76c-192gb",
        "m3-max-30c-36gb",
        "m3-max-40c-48gb",
        "m3-max-40c-64gb",
        "m3-max-40c-128gb",
        "m3-ultra-80c-512gb",
        "m4-max-40c-128gb",
        "m5-max-40c-128gb",
        "rtx-3060-12gb",
        "rtx-3090-24gb",
        "2x-rtx-3090-24gb",
        "rtx-4090-24gb",
        "2x-rtx-4090-24gb",
        "rtx-4090-laptop-16gb",
        "rtx-5050-8gb",
        "rtx-5050-laptop-8gb",
        "rtx-5090-32gb",
        "2x-rtx-5090-32gb",
        "rtx-5090-laptop-24gb",
        "rtx-4000-ada-20gb",
        "rtx-5000-ada-32gb",
        "rtx-6000-ada-48gb",
        "rtx-a6000-48gb",
        "rtx-pro-6000-blackwell-96gb",
        "a100-pcie-80gb",
        "h100-80gb",
        "h200-141gb",
        "l40s-48gb",
        "gb10-128gb",
        "ryzen-ai-max-395-128gb",
        "ryzen-ai-max-385-32gb",
        "rx-6800-16gb",
        "rx-7900-xtx-24gb",
        "rx-9070-xt-16gb",
        "radeon-pro-w7900-48gb",
        "radeon-ai-pro-r9700-32gb",
        "instinct-mi300x-192gb",
        "arc-a770-16gb",
        "arc-b580-12gb",
        "arc-pro-b60-24gb",
        "gtx-1080-ti-11gb",
        "rtx-2060-6gb",
        "rtx-2080-ti-11gb",
        "tesla-p40-24gb",
        "tesla-v100-sxm2-32gb",
        "tesla-t4-16gb",
        "a10-24gb",
        "l4-24gb",
        "b200-180gb",
        "epyc-9654-384gb",
        "2x-xeon-6980p-768gb",
        "ryzen-threadripper-pro-7995wx-256gb",
      ]),
    );
  });

  it("have an id each", () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(shippedFiles)("%s names a listed source for each figure, and lists no other", (file) => {
    const text = readFileSync(join(shippedFolder, file), "utf8");
    const { sources } = readYamlFile(join(shippedFolder, file), machineFileSchema);
    const used = [...text.matchAll(/source: ([^ }]+)/g)].map(([, source]) => source);
    expect(new Set(used)).toEqual(new Set(Object.keys(sources)));
  });

  it("point editors at the schema, which is what the code reads today", () => {
    for (const file of shippedFiles) {
      const text = readFileSync(join(shippedFolder, file), "utf8");
      expect(text).toMatch(/^# yaml-language-server: \$schema=machine\.schema\.json\n/);
    }
    const schema = readFileSync(join(shippedFolder, "machine.schema.json"), "utf8");
    // After a change of the schema: npm run schema
    expect(JSON.parse(schema)).toEqual(JSON.parse(JSON.stringify(machineJsonSchema())));
  });

  it("tell the two chips apart that are called M3 Max", () => {
    const machines = ["m3-max-30c-96gb", "m3-max-40c-64gb"].flatMap(findMachines);
    expect(machines.map(({ gpu }) => gpu.bandwidthBytesPerSecond)).toEqual([300e9, 400e9]);
  });

  it("have the budgets that machines like them state", () => {
    // Metal logs: 5461 of 8 GiB, 36864 of 48, 49152 of 64.
    expect(budgetMib("m1-7c-8gb")).toEqual([5461]);
    expect(budgetMib("m3-max-40c-48gb")).toEqual([36_864]);
    expect(budgetMib("m3-max-40c-64gb")).toEqual([49_152]);
    // Within 3% of what llama.cpp finds free on idle cards, and never over the card's total.
    expect(Math.abs(budgetMib("rtx-4090-24gb")[0]! / 23_818 - 1)).toBeLessThan(0.03);
    expect(Math.abs(budgetMib("rtx-5090-32gb")[0]! / 31_640 - 1)).toBeLessThan(0.03);
    expect(Math.abs(budgetMib("h100-80gb")[0]! / 80_565 - 1)).toBeLessThan(0.03);
    expect(budgetMib("2x-rtx-4090-24gb")).toHaveLength(2);
  });
});

describe("a described machine's budget", () => {
  it("has the same pools as a probed one's", () => {
    const machines = ["rtx-4090-24gb", "m4-max-40c-128gb", "dgx-spark"].flatMap(findMachines);
    const pools = machines.map((machine) => describedBudget(machine).pools.map(({ name }) => name));
    expect(pools).toEqual([["CUDA0", "host memory"], ["memory"], ["memory"]]);
  });

  it("gives way to --gpu-budget", () => {
    const [mac] = findMachines("m3-max-40c-48gb");
    expect(describedBudget(mac!, 40 * gib)).toMatchObject({
      devices: [{ budgetBytes: 40 * gib, marginBytes: 0 }],
      metalWorkingSetBytes: 36 * gib,
      overridden: true,
    });
  });
});

describe("a machine is found", () => {
  it("by id, in any case", () => {
    expect(findMachines("RTX-4090-24GB").map(({ name }) => name)).toEqual([
      "NVIDIA GeForce RTX 4090, 24 GB",
    ]);
  });

  it("by alias", () => {
    expect(findMachines("dgx-spark").map(({ id }) => id)).toEqual(["gb10-128gb"]);
  });

  it("by the path of a file of one's own", () => {
    const [box] = findMachines(written(ownBox).path);
    expect(box).toMatchObject({
      id: "4x-rtx-3090-24gb",
      unified: false,
      gpu: { count: 4, memoryBytes: 24 * gib, fp16OperationsPerSecond: null },
      ram: { bytes: 128 * gib, bandwidthBytesPerSecond: 51.2e9 },
      sources: { bandwidth_gbs: "NVIDIA", "host.ram_gib": "installed" },
    });
  });

  it("not by a name that several share: they are listed", () => {
    expect(() => findMachines("m3-max")).toThrow(
      "machine m3-max: which one of m3-max-30c-36gb, m3-max-30c-96gb, m3-max-40c-48gb, m3-max-40c-64gb, m3-max-40c-128gb?",
    );
  });

  it("not by some of its parts: those that have them all are listed", () => {
    expect(() => findMachines("4090")).toThrow(
      "machine 4090: which one of rtx-4090-24gb, 2x-rtx-4090-24gb, rtx-4090-laptop-16gb?",
    );
    expect(() => findMachines("rtx-4090")).toThrow(
      /which one of rtx-4090-24gb, 2x-rtx-4090-24gb, /,
    );
    expect(() => findMachines("M3-Max-64GB")).toThrow(
      'unknown machine "M3-Max-64GB" (did you mean m3-max-40c-64gb?)',
    );
  });

  it("nor by one that many share: some of them are listed", () => {
    expect(() => findMachines("64gb")).toThrow(
      /which one of (?:[^ ,]+, ){5}[^ ,]+ and \d+ more\?$/,
    );
  });

  it("not by a name with a slip of the finger: the nearest is named", () => {
    expect(() => findMachines("rtx-4090-24bg")).toThrow(
      'unknown machine "rtx-4090-24bg" (did you mean rtx-4090-24gb?)',
    );
  });
});

describe("a box that no file describes", () => {
  it("has any number of a card that one does", () => {
    const [box] = findMachines("3x-rtx-3090-24gb");
    const [card] = findMachines("rtx-3090-24gb");
    expect(box).toMatchObject({ id: "3x-rtx-3090-24gb", backend: "cuda", ram: card?.ram });
    expect(box?.gpu).toEqual({ ...card?.gpu, count: 3 });
    expect(describedBudget(box!).devices.map(({ name }) => name)).toEqual([
      "CUDA0",
      "CUDA1",
      "CUDA2",
    ]);
  });

  it("goes by aliases too", () => {
    expect(findMachines("4x-p40").map(({ id }) => id)).toEqual(["4x-tesla-p40-24gb"]);
  });

  it("has unlike cards, named as a probed machine with them is", () => {
    const [box] = findMachines("2x-rtx-4090-24gb-rtx-3080-10gb");
    expect(box).toMatchObject({ id: "2x-rtx-4090-24gb-rtx-3080-10gb", backend: "cuda" });
    expect(box?.gpus.map(({ count, memoryBytes }) => [count, memoryBytes / gib])).toEqual([
      [2, 24],
      [1, 10],
    ]);
    const budgets = describedBudget(box!).devices.map(({ budgetBytes }) => budgetBytes);
    expect(budgets).toHaveLength(3);
    expect(budgets[2]).toBeLessThan(budgets[0]!);
  });

  it("is as fast as its cards one after the other, each with its share of the layers", () => {
    const [box] = findMachines("rtx-4090-24gb-rtx-3090-24gb");
    // 1 / (1/2 / 1008 + 1/2 / 936)
    expect(box!.gpu.bandwidthBytesPerSecond / 1e9).toBeCloseTo(970.7, 1);
  });

  it("is driven by Vulkan where its cards are of several makers", () => {
    const [box] = findMachines("rtx-4090-24gb-rx-7900-xtx-24gb");
    expect(box).toMatchObject({ backend: "vulkan", gpu: { count: 2 } });
  });

  it("names no more cards than boxes hold, and cards that are known", () => {
    expect(() => findMachines("17x-rtx-3090-24gb")).toThrow(
      "machine 17x-rtx-3090-24gb: expected at most 16 cards in one box, got 17",
    );
    expect(() => findMachines("rtx-4090-24gb-rtx-4099-24gb")).toThrow(/^unknown machine/);
    expect(() => findMachines("3x-rtx-3090")).toThrow(
      "machine 3x-rtx-3090: which one of 3x-rtx-3090-24gb, 3x-rtx-3090-ti-24gb?",
    );
    expect(() => findMachines("3x-l40s")).toThrow(/did you mean 3x-l40s-48gb\?/);
  });
});

describe("a server without a GPU", () => {
  it("holds models in its RAM", () => {
    const [server] = findMachines("2x-epyc-9654-768gb");
    expect(server).toMatchObject({ backend: "cpu", gpus: [], ram: { bytes: 768 * gib } });
    expect(describedBudget(server!).devices).toEqual([]);
    expect(server!.ram.bandwidthBytesPerSecond).toBe(921.6e9);
  });
});

describe("a slot", () => {
  it("is the host's, unless the card has fewer lanes", () => {
    const rates = ["rtx-4090-24gb", "rtx-4060-8gb", "rtx-5090-32gb", "m3-max-40c-64gb"]
      .flatMap(findMachines)
      .map(({ gpu }) => gpu.pcieBytesPerSecond);
    expect(rates).toEqual([31.5e9, 15.8e9, 63e9, null]);
  });
});

describe("a machine file that says something impossible is refused, with the place:", () => {
  it.each([
    [
      "an unknown key",
      ownBox.replace("counts", "count"),
      /discrete\[0\]: unknown key "count" \(did you mean counts\?\)/,
    ],
    [
      "no source",
      ownBox.replace(", source: NVIDIA", ""),
      /discrete\[0\]\.bandwidth_gbs\.source: expected text/,
    ],
    [
      "a memory of zero",
      ownBox.replace("[24]", "[0]"),
      /discrete\[0\]\.memory_gib\[0\]: expected at least 1, got 0$/,
    ],
    [
      "a memory of which a driver would leave nothing",
      ownBox.replace("[24]", "[0.4]"),
      /discrete\[0\]\.memory_gib\[0\]: expected at least 1, got 0\.4$/,
    ],
    [
      "a misspelt key, before what is missing by it",
      ownBox.replace("memory_gib", "memory_gb"),
      /discrete\[0\]: unknown key "memory_gb" \(did you mean memory_gib\?\)/,
    ],
    [
      "more memory free than there is",
      ownBox.replace("[24]", "[24, 8]\n    usable_gib: { value: 20, source: idle card }"),
      /discrete\[0\]\.usable_gib\.value: expected at most the 8 GiB of memory_gib, got 20; without it/,
    ],
    [
      "more RAM seen than there is",
      ownMac.replace("[64]", "[64]\n    visible_ram_gib: { value: 128, source: seen by me }"),
      /unified\[0\]\.visible_ram_gib\.value: expected at most the 64 GiB of ram_gib, got 128; without it/,
    ],
    [
      "a share of the RAM where Metal's rule holds",
      ownMac.replace("[64]", "[64]\n    gpu_share: { value: 0.99, source: raised by me }"),
      /unified\[0\]\.gpu_share: with metal the share follows from the RAM: leave it out, and give --gpu-budget/,
    ],
    [
      "Metal on a card",
      ownBox.replace("cuda", "metal"),
      /discrete\[0\]\.backend: metal is for unified memory: a Mac stands under unified/,
    ],
    [
      "one machine in two entries",
      twoGpus.replace("RTX 4090", "RTX 3090").replace("counts: [4]", "counts: [1, 4]"),
      /discrete\[1\]: rtx-3090-24gb is described twice; give one an id of its own/,
    ],
    [
      "one size twice",
      ownBox.replace("[24]", "[24, 24]"),
      /discrete\[0\]: 4x-rtx-3090-24gb is described twice/,
    ],
    [
      "an alias that is another's id",
      twoGpus.replace("counts: [4]", "counts: [4]\n    aliases: [rtx-4090-24gb]"),
      /discrete\[1\]: rtx-4090-24gb is described twice/,
    ],
    [
      "a source that is nearly one of the list",
      ownBox.replace("source: NVIDIA", "source: rael"),
      /discrete\[0\]\.bandwidth_gbs\.source: "rael" is no key of sources \(did you mean real\?\); a source of its own takes a few words/,
    ],
    [
      "a name that no id can be made of",
      ownMac.replace("Apple M3 Max", '"!!"'),
      /unified\[0\]\.chip: expected a name with Latin letters or digits, to make an id of, got "!!"/,
    ],
    [
      "an unknown backend",
      ownBox.replace("cuda", "cudo"),
      /backend: expected one of metal, cuda, vulkan, got "cudo"/,
    ],
    [
      "GPUs without a machine around them",
      ownBox.replace(/host:[^]*/, ""),
      /host: expected ram_gib and bandwidth_gbs/,
    ],
    [
      "one id for several machines",
      ownBox.replace("counts: [4]", "counts: [1, 2]\n    id: box"),
      /discrete\[0\]\.id: one id can't name several/,
    ],
    ["no machine", "description: nothing\n", /describes no machine/],
    [
      "a list without end",
      ownBox.replace("[24]", `[${"24, ".repeat(40)}24]`),
      /memory_gib: expected at most 16/,
    ],
  ])("%s", (_, text, message) => {
    expect(() => readMachineFile(written(text).path)).toThrow(message);
  });

  it("but not sources in words of one's own, near a key or not", () => {
    const inWords = twoGpus
      .replace("source: NVIDIA", "source: rael by the look of it")
      .replace("source: NVIDIA", "source: NVIDIA's");
    expect(readMachineFile(written(inWords).path).map(({ sources }) => sources)).toMatchObject([
      { bandwidth_gbs: "rael by the look of it" },
      { bandwidth_gbs: "NVIDIA's" },
    ]);
  });

  it("an id that another file has", () => {
    const { folder } = written(ownBox, ownBox);
    expect(() => readMachines(folder)).toThrow(
      /m1\.yaml: 4x-rtx-3090-24gb is described in m0\.yaml already/,
    );
  });

  it("a file that isn't there", () => {
    expect(() => findMachines("nowhere/box.yaml")).toThrow(/no such file/);
  });
});
