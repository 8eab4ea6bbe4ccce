/** Long enough for a conversation, and what published tables of Llama 3 go up to. */
const usualContext = 8192;

/** The use fit's context where `--ctx` doesn't say: capped by the model's training context. */
export function usualUseCtx({ n_ctx_train: trained }: { readonly n_ctx_train: number }): number {
  return Math.min(usualContext, trained);
}
