/**
 * What a case can warn of, with the way out. The list is closed for those who write; a reader meets codes of later versions
 * and passes them on.
 */
export const warnings = {
  single_launch: {
    says: "measured in one process only: how much launches differ is not seen, but assumed (1%) or taken from devices --noise",
    advice: "use --launches 2 or more",
  },
  slow_first_repetition: {
    says: "the first repetition was slower than the others",
    advice: "use --warmup full",
  },
  outliers: {
    says: "some repetitions stand apart from the others (modified z-score)",
    advice: "close other programs and measure again; the median is less moved than the mean",
  },
  drift: {
    says: "speed rose or fell from one repetition to the next (Mann–Kendall trend test)",
    advice: "let the machine cool with --delay, or measure longer with -r",
  },
  bimodal: {
    says: "repetitions fall into two groups",
    advice: "pin the threads or set -t to the performance cores; compare single samples, not means",
  },
  wide_interval: {
    says: "the 95% interval is wider than asked",
    advice: "raise -r or --launches",
  },
  short_repetitions: {
    says: "a repetition is too short for the clock",
    advice: "raise -p or -n",
  },
  other_load: {
    says: "other programs kept the processor busy",
    advice: "close them and measure again",
  },
  on_battery: {
    says: "the machine ran on battery",
    advice: "plug it in",
  },
  low_power_mode: {
    says: "the system was in a low-power mode",
    advice: "switch it off",
  },
  thermal_pressure: {
    says: "the machine was throttled by heat",
    advice: "let it cool with --delay",
  },
  swap_in_use: {
    says: "memory was short: much stands in swap (5% of RAM, 1 GiB at least), or came back while the case ran (64 MiB)",
    advice: "close other programs, or choose a smaller quantization",
  },
  suspended: {
    says: "the machine slept during a repetition, which was taken again",
    advice: "keep it awake",
  },
  resolved_otherwise: {
    says: "llama.cpp resolved a setting other than asked",
    advice: "read the row's resolved values",
  },
  depth_refilled: {
    says: "the state at depth could not be restored and was computed anew for each repetition",
    advice: "expect a warmer machine than a restored state leaves",
  },
  tight: {
    says: "it fits with less memory to spare than the margin",
    advice: "leave the machine alone while it runs, or lower the context",
  },
  metal_limit: {
    says: "it does not fit Metal's limit, and would fit a raised one",
    advice: "run the command named, or choose a smaller quantization",
  },
  memory_spill: {
    says: "device memory seems to have spilled into host memory",
    advice: "lower --ngl or the context; this row can't win a comparison",
  },
  memory_pressure: {
    says: "swap or memory compression grew during a repetition",
    advice: "close other programs; this row can't win a comparison",
  },
  beats_bandwidth: {
    says: "no memory is read so fast",
    advice: "check which model was measured, and where its layers were",
  },
  far_below_prediction: {
    says: "half of what the machine's other rows, published ones or its datasheet predict, or less",
    advice: "look for what held the machine back, and measure again",
  },
  cache_assumed: {
    says: "how much of memory the device's caches hold isn't told, and was assumed: beyond four times of it is read",
    advice: "where its caches hold more, the figure is too high",
  },
  output_differs_from_cpu: {
    says: "the device computes other logits than the CPU",
    advice: "update the driver; this row can't win a comparison",
  },
} as const satisfies Record<string, { says: string; advice: string }>;

export type WarningCode = keyof typeof warnings;

/** `other` is a later version's code, or somebody else's: its text is the detail. */
export interface Warning {
  readonly code: WarningCode | "other";
  /** Empty where there is none. */
  readonly detail: string;
}

export function warning(code: WarningCode, detail = ""): Warning {
  return { code, detail };
}

/** Whether the case warns of any of these. */
export function warnsOf(
  { warnings: found }: { readonly warnings: readonly Warning[] },
  ...codes: readonly WarningCode[]
): boolean {
  return found.some(({ code }) => codes.some((one) => one === code));
}
