/** A home folder with models in the usual places. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Quantization } from "../../../src/gguf/quantizations.ts";
import { catalogue } from "../../../src/models/catalogue.ts";
import { writeHeaderFile } from "../headerFile.ts";

export function emptyHome(): string {
  return mkdtempSync(join(tmpdir(), "llmbench home "));
}

/** A header of the toy model with a hole behind it. */
export function toyFile(path: string, quantization: Quantization, name = "Toy 4M"): string {
  const shape = catalogue().find("toy-4m")?.shape;
  if (shape === undefined) throw new Error("no toy");
  mkdirSync(dirname(path), { recursive: true });
  return writeHeaderFile(path, shape, name, quantization);
}

/** As huggingface_hub keeps it: a blob, and a link to it in a snapshot. */
export function hubCopy(
  home: string,
  repo: string,
  file: string,
  quantization: Quantization,
): string {
  const folder = join(home, ".cache/huggingface/hub", `models--${repo.replace("/", "--")}`);
  const blob = toyFile(join(folder, "blobs", `blob-of-${file}`), quantization);
  const link = join(folder, "snapshots/0123abcd", file);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(blob, link);
  return link;
}

/** As Ollama keeps it: a manifest that names a blob. */
export function ollamaCopy(
  home: string,
  name: string,
  tag: string,
  quantization: Quantization,
): string {
  const models = join(home, ".ollama/models");
  const hex = Buffer.alloc(32, `${name}${tag}`).toString("hex");
  const manifest = join(models, "manifests/registry.ollama.ai/library", name, tag);
  mkdirSync(dirname(manifest), { recursive: true });
  const layers = [
    {
      mediaType: "application/vnd.ollama.image.license",
      digest: `sha256:${"0".repeat(64)}`,
      size: 1,
    },
    { mediaType: "application/vnd.ollama.image.model", digest: `sha256:${hex}`, size: 1 },
  ];
  writeFileSync(manifest, JSON.stringify({ schemaVersion: 2, layers }));
  return toyFile(join(models, "blobs", `sha256-${hex}`), quantization);
}
