/** Weights in a file that was found on disk. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { sumOf } from "../../base/sumOf.ts";
import type { WeightsKind } from "../../bench/weights.ts";
import type { GgufHeader } from "../../gguf/readHeader.ts";
import type { GgufModel } from "../../gguf/splitFile.ts";
import { syntheticMarkOf } from "../../models/syntheticRecipe.ts";
import { ModelChanged, type HeaderFile, type Weights } from "./weights.ts";

/** A file as it was when the plan was made. */
interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly headerBytes: number;
  readonly headerDigest: string;
}

export class FileWeights implements Weights {
  readonly kind = "real";
  readonly content: WeightsKind;
  readonly headerOf: string | null;
  readonly identity: string;
  readonly opened: string;
  readonly files: readonly string[];
  readonly tensorBytes: number;
  readonly bytesToWrite = 0;
  private readonly parts: readonly SourceFile[];

  /** @param path of the first file */
  constructor(path: string, gguf: GgufModel) {
    const mark = syntheticMarkOf(gguf);
    this.content = mark === undefined ? "real" : "synthetic";
    this.headerOf = mark?.headerOf ?? null;
    this.parts = gguf.files.map(sourceFile);
    this.identity = this.parts
      .map(({ headerDigest, bytes }) => `${headerDigest}:${bytes}`)
      .join(",");
    this.opened = path;
    this.files = this.parts.map((part) => part.path);
    this.tensorBytes = sumOf(gguf.tensors, ({ bytes }) => bytes);
  }

  get found(): string {
    return this.opened;
  }

  readonly header: HeaderFile = (use) => use(this.opened);

  async provide(): Promise<null> {
    const change = await this.changed();
    if (change !== null) throw new ModelChanged(change);
    return null;
  }

  async changed(): Promise<string | null> {
    return this.parts.map(changeOf).find((change) => change !== null) ?? null;
  }

  differenceFrom(before: string): string {
    const earlier = before.split(",");
    const now = this.identity.split(",");
    const at = this.parts.findIndex((_, index) => earlier[index] !== now[index]);
    const part = this.parts[at];
    if (part === undefined || earlier.length !== now.length) {
      return `${this.opened} had ${earlier.length} parts when the run began, and now has ${now.length}`;
    }
    const bytes = Number(earlier[at]?.split(":")[1]);
    return bytes === part.bytes
      ? `${part.path} holds another model than when the run began`
      : `${part.path} had ${bytes} bytes when the run began, and now has ${part.bytes}`;
  }
}

function sourceFile({ path, fileBytes: bytes, dataOffset: headerBytes }: GgufHeader): SourceFile {
  return { path, bytes, headerBytes, headerDigest: digestOfHeader(path, headerBytes) };
}

/** A digest of the header tells two models apart without reading 40 GB. */
function digestOfHeader(path: string, bytes: number): string {
  const header = Buffer.alloc(bytes);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, header, 0, bytes, 0);
  } finally {
    closeSync(descriptor);
  }
  return createHash("sha256").update(header).digest("hex");
}

/** What became of a file since the plan was made; null where it is as it was. */
function changeOf({ path, bytes, headerBytes, headerDigest }: SourceFile): string | null {
  try {
    const { size } = statSync(path);
    if (size !== bytes) return `${path} had ${bytes} bytes when the run began, and now has ${size}`;
    const same = digestOfHeader(path, headerBytes) === headerDigest;
    return same ? null : `${path} holds another model than when the run began`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? `${path} is gone` : `${path} can't be read any more: ${message}`;
  }
}
