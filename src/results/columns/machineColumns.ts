/** What was measured on: the computer and the engine. */
import { z } from "zod";
import { backends } from "../../bench/backends.ts";
import { powerSources } from "../../bench/conditions.ts";
import { count, fieldsOf, oneOf, text } from "./column.ts";

const machine = fieldsOf("machine");
const engine = fieldsOf("engine");

export const machineColumns = {
  machine: machine(
    "name",
    z.string(),
    "",
    "`--machine-name`, else chip or GPU and memory: `m3-max-40c-64gb`",
    "never",
  ),
  machine_model: machine(
    "model",
    text,
    "",
    "product name of the computer",
    "not stated by the system",
  ),
  os: machine("os", text, "", "operating system and version", "unknown"),
  driver: machine("driver", text, "", "GPU driver version", "no GPU, or unknown"),
  cpu_info: machine("cpu", text, "", "processor", "unknown"),
  gpu_info: machine("gpu", text, "", "GPUs, comma-separated", "no GPU"),
  gpu_cores: machine(
    "gpuCores",
    count,
    "",
    "GPU cores, which tell two Apple chips of one name apart",
    "not Apple silicon",
  ),
  n_devices: machine("nDevices", count, "", "devices that layers can be offloaded to", "unknown"),
  backend: engine(
    "backend",
    oneOf(backends),
    "",
    "`metal`, `cuda`, `vulkan` or `cpu`; in files of others also `rocm`, `sycl` and the like",
    "unknown",
  ),
  ram_bytes: machine("ramBytes", count, "bytes", "memory of the machine", "unknown"),
  gpu_budget_bytes: machine(
    "gpuBudgetBytes",
    count,
    "bytes",
    "device memory that llama.cpp may use, or `--gpu-budget`",
    "no GPU, or unknown",
  ),
  power_source: machine(
    "powerSource",
    oneOf(powerSources),
    "",
    "`ac`, `battery` or `unknown`",
    "not looked for",
  ),
  power_mode: machine("powerMode", text, "", "the system's power mode or plan", "not stated"),
  engine: engine("name", text, "", "`llama.cpp`", "unknown"),
  engine_version: engine("version", text, "", "its release", "unknown"),
  build_commit: engine("commit", text, "", "its commit", "unknown"),
} as const;
