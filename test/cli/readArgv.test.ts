import { describe, expect, it } from "vitest";
import { readArgv } from "../../src/cli/readArgv.ts";
import type { FlagTable } from "../../src/flags/flagTable.ts";
import { report } from "../../src/commands/report.ts";
import { flagKeys, flagOf, flags } from "../../src/suite/flags.ts";
import { refusedNames } from "../../src/suite/refusedFlags.ts";

/** In one form: long names, values behind an equals sign, positionals behind two dashes. */
function normalized(line: string, table: FlagTable = flags): string {
  const { flags: read, positionals } = readArgv(line.split(" "), table);
  const typed = [...read].flatMap(([name, values]) =>
    values.map((value) => (value === true ? `--${name}` : `--${name}=${value}`)),
  );
  return (positionals.length === 0 ? typed : [...typed, "--", ...positionals]).join(" ");
}

const complaint = (line: string) => {
  try {
    return normalized(line);
  } catch (error) {
    return (error as Error).message;
  }
};

/** All that llama-bench takes (parse_cmd_params, tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0). */
const llamaBenchFlags = (
  "--batch-size --cache-type-k --cache-type-v --cpu-mask --cpu-strict --delay --device --direct-io " +
  "--embeddings --fit-ctx --fit-target --flash-attn --hf-file --hf-repo --hf-token --lazy-mode " +
  "--list-devices --load-mode --main-gpu --mmap --model --n-cpu-moe --n-depth --n-gen " +
  "--n-gpu-layers --n-prompt --no-host --no-kv-offload --no-op-offload --no-warmup --numa " +
  "--offline --output --output-err --override-tensor --poll --prio --progress --repetitions --rpc " +
  "--split-mode --tensor-split --threads --ubatch-size --verbose -C -b -ctk -ctv -d -dev -dio " +
  "-embd -fa -fitc -fitt -hf -hff -hfr -hft -lm -lzm -m -mg -mmp -n -ncmoe -ngl -nkvo -nopo -o -oe " +
  "-ot -p -pg -r -rpc -sm -t -ts -ub -v"
).split(" ");

describe("a command line as llama-bench's users type it", () => {
  it.each([
    ["-ngl 99 -p 512 -n 128,256", "--gpu-layers=99 --n-prompt=512 --n-gen=128,256"],
    ["-fa 1 -ub 256", "--flash-attn=1 --ubatch-size=256"],
    ["-ctk q8_0 -ctv q8_0", "--cache-type-k=q8_0 --cache-type-v=q8_0"],
    ["-pg 512,128 -pg 4096,128", "--pg=512,128 --pg=4096,128"],
    ["-sm row -ts 3/1 -mg 1", "--split-mode=row --tensor-split=3/1 --main-gpu=1"],
    ["-ncmoe 4 -nkvo 1", "--n-cpu-moe=4 --no-kv-offload=1"],
    ["-ngl=99 -p=512", "--gpu-layers=99 --n-prompt=512"],
    ["--n_prompt 512 --flash_attn 0", "--n-prompt=512 --flash-attn=0"],
    ["-p512 -r3", "--n-prompt=512 --repetitions=3"],
    ["--mmap 0", "--load-mode=none"],
    ["-mmp 0,1", "--load-mode=none,mmap"],
    ["-dio 1 --direct-io 0", "--load-mode=dio --load-mode=none"],
    ["-lm mmap+mlock -lzm off", "--load-mode=mmap+mlock --lazy-mode=off"],
    ["-dev CUDA0/CUDA1,none", "--devices=CUDA0/CUDA1,none"],
    ["--device MTL0", "--devices=MTL0"],
    ["--device cuda", "--device=cuda"],
    ["-dev vulkan", "--device=vulkan"],
    ["-dev auto", "--device=auto"],
    ["-ot blk.*=CPU;output=CUDA0,none", "--override-tensor=blk.*=CPU;output=CUDA0,none"],
    ["-ot=exps=CPU", "--override-tensor=exps=CPU"],
    ["-embd 1 -nopo 0,1 --no-host 1", "--embeddings=1 --no-op-offload=0,1 --no-host=1"],
    ["-C 0xf --cpu_strict 1 --poll 0-100+50", "--cpu-mask=0xf --cpu-strict=1 --poll=0-100+50"],
    ["--prio -1 --numa distribute", "--prio=-1 --numa=distribute"],
    ["-rpc 10.0.0.2:50052,box:1", "--rpc=10.0.0.2:50052,box:1"],
    ["-hf a/b:Q4_0,c/d", "--model=hf:a/b:Q4_0,hf:c/d"],
    ["--no-warmup -v --progress", "--warmup=none --verbose --quiet=false"],
  ])("%s", (typed, meant) => {
    expect(normalized(typed)).toBe(meant);
  });

  it.each([
    ["-ngl -1", "--gpu-layers=-1"],
    ["--fa -1,0", "--flash-attn=-1,0"],
    ["--ngl=-1", "--gpu-layers=-1"],
  ])("may have negative values: %s", (typed, meant) => {
    expect(normalized(typed)).toBe(meant);
  });

  it("is known whole: each flag is taken, or refused with what to type instead", () => {
    for (const name of llamaBenchFlags) {
      const told = complaint(`${name} 1`);
      const isRefused = refusedNames.includes(name.replace(/^-+/, ""));
      expect([name, told.startsWith("unknown flag"), told.startsWith(`${name}: `)]).toEqual([
        name,
        false,
        isRefused,
      ]);
    }
  });

  it.each([
    ["-fitt 1024", /^-fitt: .*--gpu-layers auto.*--gpu-budget/],
    ["--fit-ctx 8192", /^--fit-ctx: .*--n-depth N.*--ctx N/],
    ["--list-devices", /^--list-devices: use .*devices$/],
    ["-hff a.gguf", /^-hff: .*--model hf:USER\/REPO\/FILE\.gguf$/],
    ["-hft secret", /^-hft: .*HF_TOKEN/],
    ["--offline", /^--offline: .*--model FILE\.gguf/],
    ["-oe md", /^-oe: use --output FORMAT/],
    [
      "--endpoint http://127.0.0.1:8080",
      /^--endpoint: .*servers aren't measured yet: --model FILE/,
    ],
    ["--serve x", /^--serve: .*servers aren't measured yet/],
    ["-np 4", /^-np: .*side by side aren't measured yet: .*compare reads/],
    ["--parallel 4", /^--parallel: .*side by side aren't measured yet/],
    ["--mmap 2", /^--mmap: expected 1 or 0, got "2"$/],
    ["--mmap", /^--mmap needs a value: 0\|1$/],
  ])("that can't be done here says what to type: %s", (typed, told) => {
    expect(complaint(typed)).toMatch(told);
  });

  it("takes every flag of the table by every one of its names", () => {
    for (const key of flagKeys) {
      const flag = flagOf(key);
      // A word beside --precision is a number format, which is another flag's.
      const value = flag.argument === null ? "" : key === "precision" ? "=0.5" : "=v";
      const spelled = [
        ...[flag.name, ...flag.aliases].map((name) =>
          name.length === 1 ? `-${name}` : `--${name}`,
        ),
        ...flag.llamaBench.map((name) => `-${name}`),
      ];
      for (const spelling of spelled) {
        expect(normalized(`${spelling}${value}`)).toBe(`--${flag.name}${value}`);
      }
    }
  });
});

describe("a command line", () => {
  it("keeps positionals, and everything behind --, apart from flags", () => {
    expect(normalized("a.csv --quiet b.csv -- -c.csv")).toBe("--quiet -- a.csv b.csv -c.csv");
  });

  it("may give a path, a lone dash or an equals sign as a value", () => {
    expect(normalized("-m /a=b.gguf")).toBe("--model=/a=b.gguf");
    expect(normalized("--output-dir -")).toBe("--output-dir=-");
  });

  it.each([
    ["--modle 7b", "unknown flag --modle (did you mean --model?)"],
    ["--gpu_layer 3", "unknown flag --gpu_layer (did you mean --gpu-layers?)"],
    ["-ngx 3", "unknown flag -ngx (did you mean -ngl?)"],
    ["-ngl99", "unknown flag -ngl99 (did you mean -ngl?)"],
    ["-x", "unknown flag -x"],
    ["--colour", "unknown flag --colour"],
  ])("with an unknown flag is an error: %s", (line, message) => {
    expect(complaint(line)).toBe(message);
  });

  it.each([
    ["--model", "--model needs a value: MODEL,…"],
    ["-ngl --quiet", "-ngl needs a value: auto|max|N,…"],
    ["--seed=", "--seed needs a value: N"],
  ])("with a flag without its value is an error: %s", (line, message) => {
    expect(complaint(line)).toBe(message);
  });

  it.each([
    ["mac/ --bundle", "--bundle= -- mac/"],
    ["--bundle mac/", "--bundle= -- mac/"],
    ["mac/ --bundle mac.zip", "--bundle=mac.zip -- mac/"],
    ["--bundle=mac.zip mac/", "--bundle=mac.zip -- mac/"],
    ["mac/ --bundle --verbose", "--bundle= --verbose -- mac/"],
  ])("may leave out a value that a flag can do without: %s", (line, meant) => {
    expect(normalized(line, report.flags)).toBe(meant);
  });

  it("with a value behind a switch is an error", () => {
    expect(complaint("--quiet=yes")).toBe("--quiet takes no value");
  });
});
