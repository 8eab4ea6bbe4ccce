/** What a model's layers are to the memory of a batch, and how far apart those of a kind are. */
import { getOrMake } from "../base/getOrMake.ts";
import { isWindowed, mixerOf, type Mixer, type ModelShape } from "../gguf/modelShape.ts";

/** A letter each. */
const letters = {
  attention: "a",
  latent: "l",
  compressed: "c",
  recurrent: "r",
} as const satisfies Record<Mixer, string>;

const kindsOf = new WeakMap<ModelShape, readonly string[]>();

/** By layer: `w` looks back a window, `f` is a feed-forward part alone. */
export function layerKinds(shape: ModelShape): readonly string[] {
  return getOrMake(kindsOf, shape, () =>
    Array.from({ length: shape.n_layers }, (_, layer) => {
      const mixer = mixerOf(shape, layer);
      if (mixer === null) return "f";
      return isWindowed(shape, layer) ? "w" : letters[mixer];
    }),
  );
}

const periods = new WeakMap<ModelShape, { readonly layers: number }>();

/** So many layers in a row have all kinds among them, wherever they begin. */
export function periodOf(shape: ModelShape): number {
  return getOrMake(periods, shape, () => ({ layers: longestWait(layerKinds(shape)) })).layers;
}

function longestWait(kinds: readonly string[]): number {
  const waits = [...new Set(kinds)].map((kind) => {
    const at = kinds.flatMap((one, layer) => (one === kind ? [layer] : []));
    return Math.max(...at.map((layer, index) => layer - (at[index - 1] ?? -1)));
  });
  return Math.max(1, ...waits);
}
