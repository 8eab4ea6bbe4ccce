import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decodeMixed } from "../../../src/results/foreign/mixedEncodings.ts";
import { recordsOfText } from "../../../src/results/foreign/readRecords.ts";
import { encoded, encodingNames } from "../encodings.ts";
import {
  fields,
  formats,
  printers,
  samplesTs,
  tableFields,
  type Field,
  type Format,
  type Test,
} from "./printers.ts";

const word = fc.string({
  unit: fc.constantFrom(..."abcXYZ019 _.-/()\"',=*+é模".split(""), "\\"),
  minLength: 1,
  maxLength: 24,
});
/** What a path or a name can be; llama-bench's SQL can't be read where a value has its own separator in it. */
const name = word
  .map((text) => text.trim())
  .filter((text) => text !== "" && !text.includes("', '") && !text.includes("''"))
  .filter((text) => !/^'|'$/u.test(text));
const plain = (...words: string[]) => fc.constantFrom(...words);
const whole = (max: number) => fc.integer({ min: 1, max });
const flag = fc.constantFrom(0, 1);

const workload = fc.oneof(
  fc.record({ n_prompt: whole(8192), n_gen: fc.constant(0) }),
  fc.record({ n_prompt: fc.constant(0), n_gen: whole(2048) }),
  fc.record({ n_prompt: whole(8192), n_gen: whole(2048) }),
);

const settings = fc.record({
  n_threads: fc.constantFrom(8, 1, 64),
  cpu_mask: plain("0x0", "0xff"),
  cpu_strict: flag,
  poll: fc.constantFrom(50, 0, 100),
  n_batch: fc.constantFrom(2048, 512),
  n_ubatch: fc.constantFrom(512, 4096),
  type_k: plain("f16", "q8_0"),
  type_v: plain("f16", "q4_0", "bf16"),
  n_gpu_layers: fc.constantFrom(99, -1, 0, 20),
  n_cpu_moe: fc.constantFrom(0, 12),
  split_mode: plain("layer", "row", "none", "tensor"),
  main_gpu: fc.constantFrom(0, 1),
  no_kv_offload: flag,
  flash_attn: fc.constantFrom(-1, 0, 1),
  devices: plain("auto", "CUDA0/CUDA1", "none"),
  tensor_split: plain("0.00", "1.00/2.00", "3.00/0.00/1.00"),
  tensor_buft_overrides: plain(
    "none",
    "blk\\.(3[0-9]|4[0-7])\\.ffn_.*_exps.=CPU",
    "a|b|c=CPU;d=CPU",
  ),
  load_mode: plain("auto", "mmap", "none"),
  lazy_mode: plain("auto", "off"),
  embeddings: flag,
  no_op_offload: flag,
  no_host: flag,
  fit_target: fc.constantFrom(0, 1024),
  fit_min_ctx: fc.constantFrom(0, 4096),
});

const test = fc
  .record({
    settings,
    workload,
    n_depth: fc.constantFrom(0, 512, 32768),
    model_filename: name,
    model_type: plain(
      "llama 7B Q4_0",
      "qwen3moe 30B.A3B Q4_K - Medium",
      "gemma3 27B IQ4_XS - 4.25 bpw",
    ),
    model_size: fc.integer({ min: 1e6, max: 4e11 }),
    model_n_params: fc.integer({ min: 1e6, max: 7e11 }),
    samples_ns: fc.array(fc.integer({ min: 1e6, max: 1e11 }), { minLength: 1, maxLength: 5 }),
  })
  .map(({ settings: set, workload: lengths, samples_ns, ...others }) => {
    const made = { ...set, ...lengths, ...others, samples_ns } as unknown as Test;
    const ts = samplesTs(made);
    const mean = ts.reduce((sum, value) => sum + value, 0) / ts.length;
    const squares = ts.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Object.assign({}, made, {
      avg_ns: Math.round(samples_ns.reduce((sum, ns) => sum + ns, 0) / samples_ns.length),
      stddev_ns: 1000,
      avg_ts: mean,
      stddev_ts: ts.length > 1 ? Math.sqrt(squares / (ts.length - 1)) : 0,
    });
  })
  // Where it would be printed as 0.00, nothing could be read back.
  .filter(({ avg_ts }) => avg_ts >= 0.01 && avg_ts < 1e7);

/** What all tests of one run have in common. */
const machine = fc.record({
  build_commit: plain("5b4ebc5", "0000000", "1234567"),
  build_number: whole(99_999),
  cpu_info: name,
  gpu_info: plain("NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 3090", "Apple M3 Max", ""),
  backends: plain("CUDA", "MTL,BLAS", "Vulkan,RPC", "CPU", "BLAS"),
  test_time: plain("2025-09-28T10:00:00Z"),
});

const output = fc
  .record({
    machine,
    tests: fc.array(test, { minLength: 1, maxLength: 3 }),
    format: plain(...formats),
  })
  .map(({ machine: common, tests, format }) => ({
    format: format as Format,
    tests: tests.map((one) => ({ ...one, ...common })),
  }));

const noise = fc.constantFrom(
  "",
  "$ ./llama-bench -m models/7B.gguf -o json >> all.txt",
  "+ ./build/bin/llama-bench -m a.gguf",
  "llama-bench: benchmark 1/2: prompt run 2/5",
  "warning: asserts enabled, performance may be affected",
  "load_backend: loaded CPU backend from /a folder/libggml-cpu-haswell.so",
  'It\'s the "second" run [of three], at 12:00 {noon}',
  "user@box:~/llama.cpp$ ",
  "```",
);

/** What mails, loggers and terminals do to every line. */
const around = {
  nothing: (line) => line,
  "a quoted mail's marks": (line) => `> > ${line}`,
  "a logger's clock": (line) => `[12:00:01] ${line}`,
  "a logger's date": (line) => `2025-09-28T10:00:00.123Z ${line}`,
  colours: (line) => `\u001B[32m${line}\u001B[0m`,
  "Windows' line ends": (line) => `${line}\r`,
} as const satisfies Record<string, (line: string) => string>;
type Around = keyof typeof around;
const arounds = Object.keys(around) as readonly Around[];

/** As JSON and CSV tell the same: flags as numbers, numbers without trailing zeros. */
function comparable(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/u.test(value)
    ? Number(value)
    : (value ?? "");
}

function expectedOf(one: Test, format: Format, all: readonly Test[]): Record<string, unknown> {
  if (format !== "md") {
    const told = fields.map((field) => {
      const value = one[field];
      return [field, field.endsWith("_ts") ? Number(Number(value).toFixed(6)) : value] as const;
    });
    return Object.fromEntries(told.map(([field, value]) => [field, comparable(value)]));
  }
  const printed: Field[] = [
    ...["model_type", "backends", "n_prompt", "n_gen", "n_depth", "build_commit"].map(
      (field) => field as Field,
    ),
    ...tableFields(all),
  ];
  return {
    ...Object.fromEntries(printed.map((field) => [field, comparable(one[field])])),
    avg_ts: Number(Number(one.avg_ts).toFixed(2)),
  };
}

it("every output is read back, whatever format, order, noise and encoding it is kept in", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ output, before: fc.array(noise, { maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      plain(...encodingNames),
      plain(...arounds),
      (pieces, encoding, wrapping) => {
        const text = pieces
          .map(({ output: { format, tests }, before }) => {
            return `${before.map((line) => `${line}\n`).join("")}${printers[format](tests)}`;
          })
          .join("");
        const wrapped = text
          .split("\n")
          .map(around[wrapping as Around])
          .join("\n");
        const bytes = encoded(wrapped, encoding as (typeof encodingNames)[number]);
        const { records, leftOut } = recordsOfText(decodeMixed(bytes), "all.txt");
        expect(leftOut).toEqual([]);
        const expected = pieces.flatMap(({ output: { format, tests } }) =>
          tests.map((one) => expectedOf(one, format, tests)),
        );
        expect(records).toHaveLength(expected.length);
        const read = records.map(({ fields: told }, at) =>
          Object.fromEntries(
            Object.keys(expected[at] ?? {}).map((key) => [key, comparable(told[key])]),
          ),
        );
        expect(read).toEqual(expected);
      },
    ),
    { numRuns: 300, seed: 17 },
  );
});
