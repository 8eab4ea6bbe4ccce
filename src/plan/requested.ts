/**
 * A case's settings as they were requested, in the form that its id is digested of and the journal's plan keeps. The form
 * outlives the code's own types: the same case has the same id in every version.
 */
import { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";
import {
  generatedTokens,
  isLlamaBench,
  promptTokens,
  testName,
  workloadNamed,
  workloadOf,
  type Workload,
} from "../bench/workload.ts";
import { LlmbenchError } from "../errors.ts";
import {
  flashAttnModes,
  kvCacheTypes,
  lazyModes,
  loadModes,
  numaModes,
  priorities,
  splitModes,
  usualContext,
  usualPlacement,
  type CaseSettings,
  type ContextSettings,
  type Placement,
} from "../bench/settings.ts";

const count = z.number().int().min(0);

const lengthsSchema = z
  .strictObject({
    nPrompt: count,
    nGen: count,
    nDepth: count,
    nParallel: count.min(2).optional(),
  })
  .refine(({ nPrompt, nGen }) => nPrompt + nGen > 0, "nothing to compute")
  .transform(({ nPrompt: prompt, nGen: generated, nDepth: depth, nParallel: parallel = 1 }) =>
    workloadOf({ prompt, generated, depth, parallel }),
  );

/** A test that llama-bench hasn't, by its name. */
const testSchema = z.strictObject({ test: z.string() }).transform(({ test }, context) => {
  const workload = workloadNamed(test);
  if (workload === null) context.addIssue("not a test that this llmbench knows");
  return workload ?? z.NEVER;
});

const settingKeys = {
  placement: z.strictObject({
    gpuLayers: z.union([z.number().int(), z.enum(["auto", "max"])]),
    splitMode: z.enum(splitModes),
    mainGpu: count,
    tensorSplit: z.array(z.number()),
    nCpuMoe: count,
    loadMode: z.enum(loadModes),
    lazyMode: z.enum(lazyModes).default(usualPlacement.lazyMode),
    devices: z.union([z.literal("auto"), z.array(z.string())]).default("auto"),
    tensorOverrides: z
      .array(z.strictObject({ pattern: z.string(), buffer: z.string() }))
      .default([]),
    noHost: z.boolean().default(usualPlacement.noHost),
    numa: z.enum(numaModes).default(usualPlacement.numa),
    priority: z.literal([...priorities]).default(usualPlacement.priority),
  }),
  context: z.strictObject({
    nBatch: count,
    nUbatch: count,
    nThreads: count,
    typeK: z.enum(kvCacheTypes),
    typeV: z.enum(kvCacheTypes),
    flashAttn: z.enum(flashAttnModes),
    noKvOffload: z.boolean(),
    embeddings: z.boolean().default(usualContext.embeddings),
    noOpOffload: z.boolean().default(usualContext.noOpOffload),
    cpuMask: z.string().default(usualContext.cpuMask),
    cpuStrict: z.boolean().default(usualContext.cpuStrict),
    poll: count.default(usualContext.poll),
  }),
};

const withLengths = z.strictObject({ workload: lengthsSchema, ...settingKeys });
const withTest = z.strictObject({ workload: testSchema, ...settingKeys });

/** The one that the object is meant to be, so that an error says what is wrong with that. */
function schemaFor(requested: unknown): typeof withLengths | typeof withTest {
  const { workload } = (requested ?? {}) as { readonly workload?: unknown };
  return typeof workload === "object" && workload !== null && "test" in workload
    ? withTest
    : withLengths;
}

/** Settings that came after the form was fixed, each with what every case had before: only another value is kept. */
const laterPlacement = {
  lazyMode: usualPlacement.lazyMode,
  devices: usualPlacement.devices,
  tensorOverrides: usualPlacement.tensorOverrides,
  noHost: usualPlacement.noHost,
  numa: usualPlacement.numa,
  priority: usualPlacement.priority,
} satisfies Partial<Placement>;

const laterContext = {
  embeddings: usualContext.embeddings,
  noOpOffload: usualContext.noOpOffload,
  cpuMask: usualContext.cpuMask,
  cpuStrict: usualContext.cpuStrict,
  poll: usualContext.poll,
} satisfies Partial<ContextSettings>;

/** @param later settings that are left out where they have these values */
function withoutUsual<Settings extends object>(
  settings: Settings,
  later: Partial<Settings>,
): Partial<Settings> {
  const kept = Object.entries(settings).filter(([name, value]) => {
    const usual = later[name as keyof Settings];
    return usual === undefined || JSON.stringify(value) !== JSON.stringify(usual);
  });
  return Object.fromEntries(kept) as Partial<Settings>;
}

export function requestedOf({ workload, placement, context }: CaseSettings) {
  return {
    workload: requestedWorkload(workload),
    placement: withoutUsual(placement, laterPlacement),
    context: withoutUsual(context, laterContext),
  };
}

function requestedWorkload(workload: Workload) {
  if (!isLlamaBench(workload)) return { test: testName(workload) };
  const { depth, parallel } = workload;
  return {
    nPrompt: promptTokens(workload),
    nGen: generatedTokens(workload),
    nDepth: depth,
    // One sequence is what every case had before there could be several.
    ...(parallel > 1 ? { nParallel: parallel } : {}),
  };
}

/**
 * @param place the journal's path, for errors.
 * @throws LlmbenchError `input`
 */
export function settingsOf(requested: unknown, place: string): CaseSettings {
  const schema = schemaFor(requested);
  const parsed = schema.safeParse(requested);
  if (!parsed.success) {
    const issues = describeIssues(parsed.error, requested, schema);
    throw new LlmbenchError("input", `${place}: plan: ${issues}`);
  }
  return parsed.data;
}
