/** Metadata of what layers do with the tokens before them: latent attention, indexers, recurrent layers. */
import { ArchitectureEntries } from "./architectureEntries.ts";
import type { ModelShape } from "./modelShape.ts";
import { attends, deltaNetWidths, mamba2Widths } from "./recurrentShape.ts";
import type { MetadataEntry } from "./writeHeader.ts";

export function mixerEntries(shape: ModelShape): MetadataEntry[] {
  return [
    ...latentEntries(shape),
    ...compressedEntries(shape),
    ...indexerEntries(shape),
    ...recurrentEntries(shape),
  ];
}

function latentEntries({ architecture, latent }: ModelShape): MetadataEntry[] {
  if (latent === undefined) return [];
  const { u32 } = new ArchitectureEntries(architecture);
  return [
    ...u32("attention.q_lora_rank", latent.query_rank),
    ...u32("attention.kv_lora_rank", latent.kv_rank),
  ];
}

function compressedEntries({
  architecture,
  n_embd,
  compressed,
  hyper_connections: streams,
}: ModelShape): MetadataEntry[] {
  if (compressed === undefined) return [];
  const { u32, f32, list } = new ArchitectureEntries(architecture);
  return [
    ...u32("attention.sliding_window", compressed.window),
    ...u32("attention.q_lora_rank", compressed.query_rank),
    ...u32("attention.output_group_count", compressed.output_groups),
    ...u32("attention.output_lora_rank", compressed.output_rank),
    ...f32("attention.compress_rope_freq_base", compressed.freq_base),
    ...list("attention.compress_ratios", compressed.ratios),
    ...(streams === undefined
      ? []
      : [
          ...u32("embedding_length_out", streams.count * n_embd),
          ...u32("hyper_connection.count", streams.count),
          ...u32("hyper_connection.sinkhorn_iterations", streams.iterations),
          ...f32("hyper_connection.epsilon", streams.epsilon),
        ]),
  ];
}

function indexerEntries({ architecture, indexer, n_layers }: ModelShape): MetadataEntry[] {
  if (indexer === undefined) return [];
  const { u32, list } = new ArchitectureEntries(architecture);
  const { n_heads, head_size, top_k, layers } = indexer;
  return [
    ...u32("attention.indexer.head_count", n_heads),
    ...u32("attention.indexer.key_length", head_size),
    ...u32("attention.indexer.top_k", top_k),
    ...(layers === undefined
      ? []
      : list(
          "attention.indexer.types",
          Array.from({ length: n_layers }, (_, layer) => Number(layers.includes(layer))),
        )),
  ];
}

/** Delta nets go by the names of Mamba: groups are heads of keys, time steps heads of values. */
function recurrentEntries({ architecture, recurrent, n_layers }: ModelShape): MetadataEntry[] {
  if (recurrent === undefined) return [];
  const { u32, list } = new ArchitectureEntries(architecture);
  const ssm = (inner: number, state: number, steps: number, groups: number): MetadataEntry[] => [
    ...u32("ssm.conv_kernel", recurrent.conv_kernel),
    ...u32("ssm.inner_size", inner),
    ...u32("ssm.state_size", state),
    ...u32("ssm.time_step_rank", steps),
    ...u32("ssm.group_count", groups),
  ];
  switch (recurrent.kind) {
    case "delta_net": {
      const { head_size, key_heads, value_heads, attention } = recurrent;
      const { values } = deltaNetWidths(recurrent);
      return [
        ...ssm(values, head_size, value_heads, key_heads),
        ...("every" in attention
          ? u32("full_attention_interval", attention.every)
          : list(
              "attention.recurrent_layers",
              Array.from({ length: n_layers }, (_, layer) => Number(!attends(recurrent, layer))),
            )),
      ];
    }
    case "mamba2":
      return ssm(
        mamba2Widths(recurrent).inner,
        recurrent.state_size,
        recurrent.heads,
        recurrent.groups,
      );
    case "short_convolution":
      return u32("shortconv.l_cache", recurrent.conv_kernel);
    default:
      return recurrent satisfies never;
  }
}
