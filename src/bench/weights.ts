/** Which bytes stand in for a model's weights. */
export const weightsKinds = ["real", "synthetic"] as const;
export type WeightsKind = (typeof weightsKinds)[number];
