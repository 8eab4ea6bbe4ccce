/** What a file of described machines says of one chip with unified memory, one GPU with memory of its own, or one server without any. */
import { z } from "zod";
import { gpuBackends } from "../bench/backends.ts";

const maxGib = 4096;

/** Sizes as they are sold, in GiB. Of less than one, a driver would leave nothing. */
const gib = z.number().min(1).max(maxGib);
const sizes = z.array(gib).min(1).max(16);

/** Lower case, since ids stand in file names and the CSV. */
const handle = z
  .string()
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, "expected lower-case letters, digits, dots and dashes");

/** Ids are made of it, without what stands in parentheses. */
const hardwareName = z
  .string()
  .regex(/^[^()]*[A-Za-z0-9]/, "expected a name with Latin letters or digits, to make an id of");

/** A number, and who says so. */
function figure(unit: string, max: number) {
  return z
    .strictObject({
      value: z.number().positive().max(max),
      source: z.string().min(1).meta({
        description:
          "a key of sources, or a few words of your own; one word that is nearly a key is taken for a slip",
      }),
    })
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
  bandwidth_gbs: bandwidth,
  fp16_tflops: compute.optional(),
};

export const unifiedSchema = z.strictObject({
  chip: hardwareName.meta({ description: "as the system calls it: Apple M3 Max" }),
  gpu_cores: z.number().int().positive().optional(),
  ram_gib: sizes.meta({ description: "each size is a machine" }),
  ...shared,
  backend: z.enum(gpuBackends).meta({ description: "llama.cpp's backend there" }),
  gpu_share: figure(
    "share of the RAM that the GPU may take; not with metal, whose share follows from the RAM",
    1,
  ).optional(),
  visible_ram_gib: figure(
    "what the system reports of the RAM, in GiB; no more than the smallest of ram_gib",
    maxGib,
  ).optional(),
});

export const discreteSchema = z.strictObject({
  gpu: hardwareName.meta({ description: "as the driver calls it: NVIDIA GeForce RTX 4090" }),
  memory_gib: sizes.meta({ description: "each size is a machine" }),
  counts: z.array(z.number().int().min(1).max(16)).min(1).max(4).default([1]).meta({
    description: "how many of this GPU: each count is a machine",
  }),
  ...shared,
  backend: z
    .enum(gpuBackends)
    .refine((backend) => backend !== "metal", {
      error: "metal is for unified memory: a Mac stands under unified, with chip and ram_gib",
    })
    .meta({ description: "llama.cpp's backend there", enum: ["cuda", "vulkan"] }),
  pcie_gbs: figure(
    "what the slot carries one way in GB/s, of 10^9 bytes, in place of the host's",
    1000,
  ).optional(),
  usable_gib: figure(
    "what llama.cpp finds free on an idle card, in GiB; no more than the smallest of memory_gib",
    maxGib,
  ).optional(),
});

/** A machine that computes on its CPUs alone. */
export const serverSchema = z.strictObject({
  cpu: hardwareName.meta({ description: "as the system calls it: AMD EPYC 9654" }),
  sockets: z.number().int().min(1).max(8).default(1),
  ram_gib: sizes.meta({ description: "each size is a machine" }),
  id: shared.id,
  aliases: shared.aliases,
  bandwidth_gbs: figure(
    "memory bandwidth of all sockets in GB/s, of 10^9 bytes, all channels filled",
    100_000,
  ),
});

export const hostSchema = z.strictObject({
  ram_gib: figure("main memory in GiB", maxGib),
  bandwidth_gbs: bandwidth,
  pcie_gbs: figure("what a slot carries one way in GB/s, of 10^9 bytes", 1000).optional(),
});

export type Figure = z.infer<ReturnType<typeof figure>>;
export type UnifiedEntry = z.infer<typeof unifiedSchema>;
export type DiscreteEntry = z.infer<typeof discreteSchema>;
export type ServerEntry = z.infer<typeof serverSchema>;
export type HostEntry = z.infer<typeof hostSchema>;
