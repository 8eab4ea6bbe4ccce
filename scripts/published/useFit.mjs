/** Whether a model fits the GPU at the context of use: measured there, refused there, else weights and KV against the budget. */
import { modelById } from "./tables.mjs";
import { modelEntry } from "./year2026.mjs";

export function withUseFit(record, machineRecords) {
  const model = modelById(record.model.id) ?? modelEntry(record.model.id);
  const context = Math.min(8192, model.trained);
  const { weightsBytes } = record.memory;
  const needed = weightsBytes === null ? null : weightsBytes + model.kvBytesAt(context);
  const atUse = useFit(record, machineRecords, context, needed);
  return { ...record, fit: { ...record.fit, useCtx: context, atUse } };
}

function useFit(record, machineRecords, context, needed) {
  const { id, quantization } = record.model;
  const own = machineRecords.filter(
    ({ model }) => model.id === id && model.quantization === quantization,
  );
  if (own.some((other) => ranOnGpu(other) && other.settings.nCtx >= context)) return "full";
  const refused = own.some(
    ({ status, settings }) => status === "does_not_fit" && settings.nCtx <= context,
  );
  const budget = record.machine.gpuBudgetBytes;
  if (budget === null || needed === null) return null;
  return !refused && needed <= budget ? "full" : otherwise(record, needed);
}

function ranOnGpu({ status, settings, model }) {
  return status === "measured" && settings.gpuLayers > model.nLayers;
}

/** With the rest in host memory; unknown where the host isn't known. */
function otherwise({ machine, engine, fit }, needed) {
  if (fit.atCase === "partial") return "partial";
  if (engine.backend !== "metal" || machine.ramBytes === null) return null;
  return needed <= machine.ramBytes ? "partial" : "none";
}
