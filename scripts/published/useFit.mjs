/** Whether a model fits the GPU at the context of use: measured there, refused there, else weights and KV against the budget. */
import { modelById } from "./tables.mjs";

export function withUseFit(row, machineRows) {
  const model = modelById(row.model);
  const context = Math.min(8192, model.trained);
  const needed = row.weights_bytes + context * model.kvBytesPerToken;
  return { ...row, fit_ctx: context, fit_at_ctx: useFit(row, machineRows, context, needed) };
}

function useFit(row, machineRows, context, needed) {
  const own = machineRows.filter(
    ({ model, quantization }) => model === row.model && quantization === row.quantization,
  );
  if (own.some((other) => ranOnGpu(other) && other.n_ctx >= context)) return "full";
  const refused = own.some(
    ({ status, n_ctx: tried }) => status === "does_not_fit" && tried <= context,
  );
  const budget = row.gpu_budget_bytes ?? null;
  if (budget === null) return null;
  return !refused && needed <= budget ? "full" : otherwise(row, needed);
}

function ranOnGpu({ status, n_gpu_layers: onGpu, n_layers: layers }) {
  return status === "measured" && onGpu > layers;
}

/** With the rest in host memory; unknown where the host isn't known. */
function otherwise({ ram_bytes: ram, backend, fit }, needed) {
  if (fit === "partial") return "partial";
  if (backend !== "metal" || ram === null) return null;
  return needed <= ram ? "partial" : "none";
}
