/** Metadata under an architecture's name; values that a model doesn't have give no entry. */
import type { Architecture } from "./architectures.ts";
import type { MetadataEntry } from "./writeHeader.ts";

type Optional<T> = T | undefined;

export class ArchitectureEntries {
  private readonly architecture: Architecture;

  constructor(architecture: Architecture) {
    this.architecture = architecture;
  }

  readonly u32 = (key: string, value: Optional<number>): MetadataEntry[] =>
    value === undefined ? [] : [{ key: this.key(key), type: "u32", value }];

  readonly f32 = (key: string, value: Optional<number>): MetadataEntry[] =>
    value === undefined ? [] : [{ key: this.key(key), type: "f32", value }];

  readonly flag = (key: string, value: boolean): MetadataEntry[] => [
    { key: this.key(key), type: "bool", value },
  ];

  readonly text = (key: string, value: string): MetadataEntry[] => [
    { key: this.key(key), type: "string", value },
  ];

  readonly list = (key: string, value: readonly number[]): MetadataEntry[] => [
    { key: this.key(key), type: "i32[]", value },
  ];

  /** One value for the whole model where all layers have the same. */
  readonly perLayer = (key: string, values: readonly number[]): MetadataEntry[] => {
    const [first] = values;
    return values.every((value) => value === first) ? this.u32(key, first) : this.list(key, values);
  };

  private key(name: string): string {
    return `${this.architecture}.${name}`;
  }
}
