/** What a file of described machines says: chips with unified memory, and GPUs with memory of their own. */
import { z } from "zod";

const maxGib = 4096;

/** Sizes as they are sold, in GiB. */
const gib = z.number().positive().max(maxGib);
const sizes = z.array(gib).min(1).max(16);

/** Lower case, since ids stand in file names and the CSV. */
const handle = z
  .string()
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, "expected lower-case letters, digits, dots and dashes");

/** A number, and who says so: a key of the file's `sources`, or a few words. */
function figure(unit: string, max: number) {
  return z
    .strictObject({ value: z.number().positive().max(max), source: z.string().min(1) })
    .meta({ description: unit });
}

const bandwidth = figure("memory bandwidth in GB/s, of 10^9 bytes", 100_000);
const compute = figure(
  "FP16 multiply-adds of matrices with FP32 sums, dense, in 10^12 operations a second",
  1_000_000,
);

const shared = {
  id: handle.optional().meta({
    description: "in place of the id made of name and memory; for an entry that is one machine",
  }),
  aliases: z.array(handle).default([]),
  /** llama.cpp's backend there. */
  backend: z.enum(["metal", "cuda", "vulkan"]),
  bandwidth_gbs: bandwidth,
  fp16_tflops: compute.optional(),
};

const unifiedSchema = z.strictObject({
  chip: z.string().min(1).meta({ description: "as the system calls it: Apple M3 Max" }),
  gpu_cores: z.number().int().positive().optional(),
  ram_gib: sizes.meta({ description: "each size is a machine" }),
  ...shared,
  gpu_share: figure(
    "share of the RAM that the GPU may take; Metal's follows from the RAM",
    1,
  ).optional(),
  visible_ram_gib: figure("what the system reports of the RAM, in GiB", maxGib).optional(),
});

const discreteSchema = z.strictObject({
  gpu: z.string().min(1).meta({ description: "as the driver calls it: NVIDIA GeForce RTX 4090" }),
  memory_gib: sizes.meta({ description: "each size is a machine" }),
  counts: z.array(z.number().int().min(1).max(16)).min(1).max(4).default([1]).meta({
    description: "how many of this GPU: each count is a machine",
  }),
  ...shared,
  usable_gib: figure("what llama.cpp finds free on an idle card, in GiB", maxGib).optional(),
});

const hostSchema = z.strictObject({
  ram_gib: figure("main memory in GiB", maxGib),
  bandwidth_gbs: bandwidth,
});

export const machineFileSchema = z
  .strictObject({
    description: z.string().optional(),
    sources: z.record(z.string(), z.string()).default({}).meta({
      description: "short names of the sources that figures refer to",
    }),
    unified: z.array(unifiedSchema).max(100).default([]),
    discrete: z.array(discreteSchema).max(100).default([]),
    host: hostSchema.optional().meta({ description: "the machine around the discrete GPUs" }),
  })
  .superRefine(({ unified, discrete, host }, context) => {
    const refuse = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    if (discrete.length > 0 && host === undefined) {
      refuse(["host"], "expected ram_gib and bandwidth_gbs of the machine around the GPUs");
    }
    for (const [index, entry] of unified.entries()) {
      if (entry.id !== undefined && entry.ram_gib.length > 1) {
        refuse(["unified", index, "id"], "one id can't name several sizes of ram_gib");
      }
    }
    for (const [index, entry] of discrete.entries()) {
      if (entry.id !== undefined && entry.memory_gib.length * entry.counts.length > 1) {
        refuse(["discrete", index, "id"], "one id can't name several sizes or counts");
      }
    }
  });

export type MachineFile = z.infer<typeof machineFileSchema>;
export type UnifiedEntry = MachineFile["unified"][number];
export type DiscreteEntry = MachineFile["discrete"][number];

/** For editors: completes keys and words of a machine file. */
export function machineJsonSchema(): object {
  return { title: "llmbench machines", ...z.toJSONSchema(machineFileSchema, { io: "input" }) };
}
