// @ts-check
// Shapes as published models have them, at random: of each architecture whose graph llmbench lays out, what its models differ
// in. They are small in layers alone, so that many are asked about.

/** @typedef {import("../../src/gguf/modelShape.ts").ModelShape} ModelShape */
/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {Omit<ModelShape, "architecture">} Parts */

/**
 * What all have, with heads of which several share a key.
 *
 * @param {Random} random
 * @returns {Parts}
 */
function plain(random) {
  const n_kv_heads = random.pick([1, 2, 4, 8, 10]);
  const head_size = random.pick([64, 80, 96, 128, 128, 256]);
  return {
    n_layers: 6 + random.below(11),
    n_embd: 256 * (4 + random.below(17)),
    n_ff: 256 * (6 + random.below(60)),
    n_heads: n_kv_heads * random.pick([1, 2, 4, 5, 8]),
    n_kv_heads,
    head_size,
    n_vocab: random.pick([32_000, 100_352, 128_256, 151_936, 200_064, 262_144]),
    n_ctx_train: random.pick([32_768, 131_072, 262_144]),
    tied_embeddings: random.chance(0.3),
    norm_epsilon: 1e-6,
    rope: { freq_base: 10_000 },
  };
}

/**
 * @param {Random} random
 * @returns {NonNullable<ModelShape["experts"]>}
 */
function experts(random) {
  const count = random.pick([8, 16, 32, 64, 128, 256]);
  return {
    count,
    used: Math.min(count, random.pick([1, 2, 4, 6, 8, 10])),
    n_ff: 64 * (4 + random.below(44)),
  };
}

/** @param {Random} random */
function sharedExperts(random) {
  const shared = random.pick([1, 1, 2]);
  return { ...experts(random), shared };
}

/**
 * @param {Random} random
 * @param {Parts} shape
 */
function latent(random, shape) {
  const n_heads = random.pick([16, 20, 32, 64, 128]);
  const turned = random.pick([32, 64]);
  return {
    ...shape,
    n_heads,
    n_kv_heads: 1,
    head_size: turned + random.pick([64, 128, 192]),
    latent: {
      query_rank: 256 * (2 + random.below(6)),
      kv_rank: random.pick([256, 512]),
      value_size: random.pick([64, 128, 256]),
    },
    experts: leading(random, grouped(random, { ...sharedExperts(random), weights_scale: 2.5 })),
    rope: { freq_base: 10_000, dimensions: turned },
  };
}

/**
 * @param {Random} random
 * @param {NonNullable<ModelShape["experts"]>} of
 */
function leading(random, of) {
  const dense = random.below(4);
  return dense === 0 ? of : { ...of, leading_dense: dense };
}

/**
 * @param {Random} random
 * @param {NonNullable<ModelShape["experts"]>} of
 */
function grouped(random, of) {
  const groups = random.pick([1, 1, 4, 8]);
  const each = of.count / groups;
  const used = groups / 2;
  return groups === 1 || each < 2 || used * each < of.used
    ? of
    : { ...of, groups: { count: groups, used } };
}

/** @param {Random} random */
function deltaNet(random) {
  const shape = plain(random);
  const key_heads = random.pick([4, 8, 16]);
  return {
    ...shape,
    head_size: random.pick([128, 256]),
    recurrent: {
      kind: /** @type {const} */ ("delta_net"),
      conv_kernel: 4,
      head_size: random.pick([64, 128]),
      key_heads,
      value_heads: key_heads * random.pick([1, 2, 3, 4]),
      attention: { every: random.pick([2, 3, 4]) },
    },
    rope: { freq_base: 10_000_000, dimensions: 64 },
  };
}

/**
 * Layers that attend, those that are a feed-forward part alone, and recurrent ones.
 *
 * @param {Random} random
 * @param {number} layers
 */
function pattern(random, layers) {
  const kinds = Array.from({ length: layers }, () => random.pick(["M", "M", "F", "F", "*"]));
  kinds[0] = "M";
  kinds[layers - 2] = "*";
  kinds[layers - 1] = "F";
  const of = (/** @type {string} */ wanted) =>
    kinds.flatMap((kind, layer) => (kind === wanted ? [layer] : []));
  return { attention: of("*"), alone: of("F") };
}

/** @param {Random} random */
function mamba2(random) {
  const groups = random.pick([1, 2, 8]);
  const head_size = random.pick([64, 128]);
  return {
    kind: /** @type {const} */ ("mamba2"),
    conv_kernel: 4,
    state_size: random.pick([128, 256]),
    heads: random.pick([32, 48, 64, 96, 128]),
    head_size,
    groups,
  };
}

/** @param {Random} random */
function nemotron(random) {
  const shape = plain(random);
  const { attention, alone } = pattern(random, shape.n_layers);
  return {
    ...shape,
    tied_embeddings: false,
    recurrent: { ...mamba2(random), attention: { layers: attention } },
    feed_forward_layers: alone,
  };
}

/** @param {Random} random */
function shortConvolution(random) {
  const shape = square({ ...plain(random), head_size: 64 });
  const attention = Array.from({ length: shape.n_layers }, (_, layer) => layer).filter(
    (layer) => layer > 0 && random.chance(0.4),
  );
  return {
    ...shape,
    tied_embeddings: true,
    recurrent: {
      kind: /** @type {const} */ ("short_convolution"),
      conv_kernel: 3,
      attention: { layers: attention.length === 0 ? [1] : attention },
    },
  };
}

/**
 * @param {Random} random
 * @param {readonly number[]} tokens
 */
function window(random, tokens) {
  return { tokens: random.pick(tokens), period: 2 + random.below(5) };
}

/** @type {Readonly<Record<string, (random: Random) => Parts>>} */
const parts = {
  llama: (random) => (random.chance(0.6) ? plain(random) : withExperts(random, plain(random))),
  mistral3: (random) => ({
    ...plain(random),
    ...(random.chance(0.5) ? { scales: { temperature: 0.1 } } : {}),
  }),
  llama4: (random) => ({
    ...plain(random),
    tied_embeddings: false,
    experts: { ...experts(random), used: 1, shared: 1, every: random.pick([1, 2]) },
    sliding_window: { tokens: 8192, period: 4 },
  }),
  qwen2: (random) => square(plain(random)),
  qwen3: plain,
  qwen3moe: (random) => ({ ...plain(random), experts: experts(random) }),
  qwen3next: (random) => {
    const of = experts(random);
    return { ...deltaNet(random), experts: { ...of, shared: 1, shared_n_ff: of.n_ff } };
  },
  qwen35: (random) => withSections(deltaNet(random)),
  qwen35moe: (random) => {
    const of = experts(random);
    return {
      ...withSections(deltaNet(random)),
      experts: { ...of, shared: 1, shared_n_ff: of.n_ff },
    };
  },
  "gpt-oss": (random) => ({
    ...plain(random),
    head_size: 64,
    tied_embeddings: false,
    experts: experts(random),
    sliding_window: { tokens: random.pick([128, 1024]), period: 2 },
  }),
  glm4moe: (random) => ({
    ...plain(random),
    tied_embeddings: false,
    query_key_norms: random.chance(0.5) ? true : undefined,
    experts: { ...leading(random, sharedExperts(random)), shared: 1, leading_dense: 1 },
    rope: { freq_base: 1_000_000, dimensions: 64 },
  }),
  deepseek2: (random) => latent(random, plain(random)),
  deepseek32: (random) => indexed(random, latent(random, plain(random))),
  deepseek4: compressed,
  "glm-dsa": (random) => {
    const shape = indexed(random, latent(random, plain(random)));
    const own = Array.from({ length: shape.n_layers }, (_, layer) => layer).filter(
      (layer) => layer < 2 || random.chance(0.4),
    );
    return random.chance(0.5) ? shape : { ...shape, indexer: { ...shape.indexer, layers: own } };
  },
  "minimax-m2": (random) => ({
    ...withExperts(random, plain(random)),
    tied_embeddings: false,
    rope: { freq_base: 5_000_000, dimensions: 64 },
  }),
  gemma3: (random) => ({
    ...plain(random),
    tied_embeddings: true,
    sliding_window: window(random, [512, 1024, 4096]),
  }),
  gemma4,
  phi3: (random) => ({ ...square(plain(random)), tied_embeddings: false }),
  nemotron_h: nemotron,
  nemotron_h_moe: (random) => {
    const of = { ...sharedExperts(random), weights_scale: 2.5 };
    const latentWidth = random.chance(0.5) ? { latent: 512 } : {};
    return {
      ...nemotron(random),
      n_ff: of.n_ff,
      experts: { ...of, shared: 1, shared_n_ff: 2 * of.n_ff, ...latentWidth },
    };
  },
  granitehybrid: (random) => {
    const shape = plain(random);
    const attention = Array.from({ length: shape.n_layers }, (_, layer) => layer).filter(() =>
      random.chance(0.3),
    );
    const of = experts(random);
    return {
      ...shape,
      ...(random.chance(0.6)
        ? { n_ff: of.n_ff, experts: { ...of, shared: 1, shared_n_ff: 2 * of.n_ff } }
        : {}),
      recurrent: {
        ...mamba2(random),
        heads: shape.n_embd / 32,
        head_size: 64,
        groups: 1,
        attention: { layers: attention.length === 0 ? [3] : attention },
      },
      scales: { embedding: 12, residual: 0.22, attention: 0.0078125, logits: 6 },
    };
  },
  lfm2: shortConvolution,
  lfm2moe: (random) => ({
    ...shortConvolution(random),
    experts: { ...experts(random), leading_dense: 2 },
  }),
};

/**
 * As wide as all its heads together.
 *
 * @template {Parts} Shape
 * @param {Shape} shape
 */
function square(shape) {
  return { ...shape, n_embd: shape.n_heads * shape.head_size };
}

/**
 * Its header has one inner width, of a dense part or of an expert.
 *
 * @template {Parts} Shape
 * @param {Random} random
 * @param {Shape} shape
 */
function withExperts(random, shape) {
  const of = experts(random);
  return { ...shape, n_ff: of.n_ff, experts: of };
}

/**
 * @template {Parts} Shape
 * @param {Shape} shape
 */
function withSections(shape) {
  return {
    ...shape,
    rope: { ...shape.rope, sections: /** @type {[number, number, number]} */ ([11, 11, 10]) },
  };
}

/**
 * @template {Parts} Shape
 * @param {Random} random
 * @param {Shape} shape
 */
function indexed(random, shape) {
  return {
    ...shape,
    indexer: {
      n_heads: random.pick([32, 64]),
      head_size: 128,
      top_k: random.pick([512, 1024, 2048]),
    },
  };
}

/**
 * Cells that stand for several tokens, and streams beside each other: of these llama.cpp takes four alone.
 *
 * @param {Random} random
 * @returns {Parts}
 */
function compressed(random) {
  const shape = plain(random);
  const ratios = Array.from({ length: shape.n_layers }, () => random.pick([0, 4, 128]));
  ratios[shape.n_layers - 1] = 4;
  return {
    ...shape,
    n_heads: random.pick([16, 32, 64]),
    n_kv_heads: 1,
    head_size: 512,
    tied_embeddings: false,
    experts: {
      ...experts(random),
      shared: 1,
      hashed: 1 + random.below(3),
      clamp: 10,
      weights_scale: 1.5,
    },
    compressed: {
      window: random.pick([128, 256]),
      query_rank: 1024,
      output_groups: random.pick([4, 8]),
      output_rank: 1024,
      ratios: /** @type {(0 | 4 | 128)[]} */ (ratios),
      freq_base: 160_000,
    },
    hyper_connections: { count: 4, iterations: random.pick([4, 20]), epsilon: 1e-6 },
    indexer: { n_heads: 64, head_size: 128, top_k: random.pick([512, 1024]) },
    rope: { freq_base: 10_000, dimensions: 64 },
  };
}

/**
 * @param {Random} random
 * @returns {Parts}
 */
function gemma4(random) {
  const shape = { ...plain(random), tied_embeddings: true, head_size: 512, logit_softcap: 30 };
  const n_heads = random.pick([8, 16, 32]);
  const windowed = { ...window(random, [512, 1024]), head_size: 256 };
  const rope = { freq_base: 1_000_000, window_freq_base: 10_000, proportional: 0.25 };
  if (random.chance(0.4)) {
    // The last layer with a cache of its own looks at everything, and the one before it back a window.
    const layers = shape.n_layers - 3 * (1 + random.below(Math.floor(shape.n_layers / 3) - 1));
    return {
      ...shape,
      n_heads,
      n_kv_heads: random.pick([1, 2]),
      rope,
      sliding_window: { ...windowed, period: 3 },
      shared_kv: { layers, ...(random.chance(0.5) ? { n_ff: 2 * shape.n_ff } : {}) },
      per_layer_embedding: 256,
    };
  }
  return {
    ...shape,
    n_heads,
    n_kv_heads: random.pick([1, 2, 4]),
    rope,
    sliding_window: { ...windowed, n_kv_heads: 8 },
    values_are_keys: true,
    ...(random.chance(0.5) ? { experts: experts(random) } : {}),
  };
}

export const shapedArchitectures = Object.keys(parts);

/**
 * @param {string} architecture one of `shapedArchitectures`
 * @param {Random} random
 * @returns {ModelShape}
 */
export function randomShape(architecture, random) {
  const make = parts[architecture];
  if (make === undefined) throw new Error(`no shapes of ${architecture}`);
  return /** @type {ModelShape} */ ({ architecture, ...make(random) });
}
