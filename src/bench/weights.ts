/** Which bytes stand in for a model's weights. */
export const weightsKinds = ["real", "synthetic"] as const;
export type WeightsKind = (typeof weightsKinds)[number];

/**
 * What was done about the pages of a file that the system had cached before it was first loaded: pages that a download or
 * a copy leaves behind are small, and a processor that reads weights through them loses up to a sixth of its speed.
 */
export const pageCaches = ["dropped", "unknown"] as const;
export type PageCache = (typeof pageCaches)[number];
