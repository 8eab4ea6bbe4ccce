/** What a file of described machines says: chips with unified memory, GPUs with memory of their own, and servers without any. */
import { z } from "zod";
import { entryDoubts } from "./entryDoubts.ts";
import { discreteSchema, hostSchema, serverSchema, unifiedSchema } from "./machineEntry.ts";

export const machineFileSchema = z
  .strictObject({
    description: z.string().optional(),
    sources: z.record(z.string(), z.string()).default({}).meta({
      description: "short names of the sources that figures refer to",
    }),
    unified: z.array(unifiedSchema).max(100).default([]),
    discrete: z.array(discreteSchema).max(100).default([]),
    servers: z.array(serverSchema).max(100).default([]),
    host: hostSchema.optional().meta({ description: "the machine around the discrete GPUs" }),
  })
  .superRefine((file, context) => {
    for (const { path, message } of entryDoubts(file))
      context.addIssue({ code: "custom", path: [...path], message });
  });

export type MachineFile = z.infer<typeof machineFileSchema>;

/** For editors: completes keys and words of a machine file. */
export function machineJsonSchema(): object {
  return { title: "llmbench machines", ...z.toJSONSchema(machineFileSchema, { io: "input" }) };
}
