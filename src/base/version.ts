/** llmbench's own version, as package.json states it. */
import { readFileSync } from "node:fs";

export function llmbenchVersion(): string {
  // src/base and dist/base lie equally deep below package.json.
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
