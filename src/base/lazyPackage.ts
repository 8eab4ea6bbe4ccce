/** Packages that take long to load and that most commands do without. */
import { createRequire } from "node:module";
import type tCdf from "@stdlib/stats-base-dists-t-cdf";
import type tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type * as csvParse from "csv-parse/sync";
import type * as csvStringify from "csv-stringify/sync";
import type * as htmlparser2 from "htmlparser2";
import type * as sqlite from "node-sqlite3-wasm";
import type * as undici from "undici";
import type * as yaml from "yaml";

interface Packages {
  "@stdlib/stats-base-dists-t-cdf": typeof tCdf;
  "@stdlib/stats-base-dists-t-quantile": typeof tQuantile;
  "csv-parse/sync": typeof csvParse;
  "csv-stringify/sync": typeof csvStringify;
  htmlparser2: typeof htmlparser2;
  "node-sqlite3-wasm": typeof sqlite;
  undici: typeof undici;
  yaml: typeof yaml;
}

const require = createRequire(import.meta.url);

/** @returns the package, loaded by the first call */
export function lazyPackage<Name extends keyof Packages>(name: Name): () => Packages[Name] {
  let loaded: Packages[Name] | undefined;
  return () => (loaded ??= require(name) as Packages[Name]);
}
