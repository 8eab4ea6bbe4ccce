/** What a bundle is: a run's journal and all that is made of it, in one zip, with the SHA-256 of each. */
import { resultFiles } from "../../results/resultFiles.ts";

/** Name of a bundle beside its journal. */
export const bundleFile = "bundle.zip";

/** Files of a bundle that are made from its journal, in their order there. */
export const madeFiles = [
  resultFiles.csv,
  resultFiles.markdown,
  resultFiles.html,
  "environment.json",
] as const;

/** Lines of `sha256sum`, which checks them too. */
export const hashFile = "SHA256SUMS";

export const bundledFiles = [resultFiles.journal, ...madeFiles, hashFile] as const;
export type BundledFile = (typeof bundledFiles)[number];

/** All files together, unpacked. 100,000 cases of five repetitions take 420 MB, and more no bundle is made of. */
export const maxUnpackedBytes = 512 * 2 ** 20;
