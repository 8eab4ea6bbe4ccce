/** ggml itself, loaded from the package that the tests run on: the judge of block layouts. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import koffi from "koffi";

const platforms: Partial<Record<NodeJS.Platform, string>> = {
  linux: "linux",
  darwin: "mac",
  win32: "win",
};

function libraryPath(): string {
  const packages = fileURLToPath(new URL("../../node_modules/@node-llama-cpp", import.meta.url));
  const prefix = `${platforms[process.platform]}-${process.arch}`;
  const found = readdirSync(packages, { recursive: true, encoding: "utf8" }).find(
    (path) => path.startsWith(prefix) && /ggml-base\.(so|dylib|dll)$/.test(path),
  );
  if (found === undefined) throw new Error(`no ggml-base for ${prefix} under ${packages}`);
  return join(packages, found);
}

const library = koffi.load(libraryPath());
const traits = koffi.struct("ggml_type_traits", {
  type_name: "const char *",
  blck_size: "int64_t",
  blck_size_interleave: "int64_t",
  type_size: "size_t",
  is_quantized: "bool",
  to_float: "void *",
  from_float_ref: "void *",
});
const getTraits = library.func("ggml_get_type_traits", koffi.pointer(traits), ["int"]);
const toFloat = koffi.proto("void to_float(const void *x, float *y, int64_t k)");
const validateRows = library.func(
  "bool ggml_validate_row_data(int type, const void *data, size_t nbytes)",
);

interface Traits {
  readonly type_name: string;
  readonly blck_size: number;
  readonly type_size: number;
  readonly to_float: unknown;
}

export function traitsOf(typeId: number): Traits {
  return koffi.decode(getTraits(typeId), traits) as Traits;
}

/** ggml's own decoding of blocks to floats. */
export function dequantize(typeId: number, blocks: Uint8Array, elements: number): Float32Array {
  const values = new Float32Array(elements);
  koffi.call(traitsOf(typeId).to_float, toFloat, blocks, values, elements);
  return values;
}

/** ggml's own check for NaN and Inf, as `check_tensors` runs it. */
export function isValid(typeId: number, blocks: Uint8Array, bytes: number): boolean {
  return validateRows(typeId, blocks, bytes) as boolean;
}
