/** Reads the tensor table of a GGUF header, and refuses what llama.cpp would (ggml/src/gguf.cpp, v0.4.0). */
import { bytesOf, elementsOf, ggmlTypeById, ggmlTypes } from "./ggmlTypes.ts";
import { quoted } from "./headerCursor.ts";
import type { HeaderCursor } from "./headerCursor.ts";
import { headerLimits } from "./headerLimits.ts";
import { llamaCppRelease } from "./llamaCppArchitectures.ts";
import { MalformedHeader } from "./malformedHeader.ts";
import { alignTo } from "./tensorTable.ts";
import type { PlacedTensor } from "./writeHeader.ts";

/** @throws MalformedHeader */
export function readTensorInfos(
  cursor: HeaderCursor,
  count: number,
  alignment: number,
): PlacedTensor[] {
  const names = new Set<string>();
  const tensors: PlacedTensor[] = [];
  let expectedOffset = 0;
  for (let i = 0; i < count; i++) {
    const tensor = readTensor(cursor);
    const { name, offset, bytes } = tensor;
    if (names.has(name)) throw new MalformedHeader(`tensor ${quoted(name)} stands twice`);
    // llama.cpp takes tensors only back to back: a gap or an overlap is refused by it too.
    if (offset !== expectedOffset) {
      throw new MalformedHeader(
        `tensor ${quoted(name)}: offset ${expectedOffset} expected, got ${offset}`,
      );
    }
    names.add(name);
    tensors.push(tensor);
    expectedOffset += alignTo(bytes, alignment);
  }
  return tensors;
}

function readTensor(cursor: HeaderCursor): PlacedTensor {
  const name = cursor.string(headerLimits.tensorNameBytes, "bytes of a tensor name");
  const dimCount = cursor.u32();
  if (dimCount < 1 || dimCount > headerLimits.dims) {
    throw new MalformedHeader(
      `tensor ${quoted(name)}: 1 to ${headerLimits.dims} dimensions expected, got ${dimCount}`,
    );
  }
  const dims = Array.from({ length: dimCount }, () =>
    cursor.count(Number.MAX_SAFE_INTEGER, "a dimension", name),
  );
  const typeId = cursor.u32();
  const type = ggmlTypeById(typeId);
  if (type === undefined) {
    throw new MalformedHeader(
      `tensor ${quoted(name)} is of ggml type ${typeId}, which llama.cpp ${llamaCppRelease} doesn't know`,
    );
  }
  const [row = 0] = dims;
  const { blockSize } = ggmlTypes[type];
  if (dims.includes(0) || row % blockSize !== 0) {
    throw new MalformedHeader(
      `tensor ${quoted(name)}: rows of a multiple of ${blockSize} expected for ${type}, got ${dims.join(" × ")}`,
    );
  }
  if (elementsOf(dims) > Number.MAX_SAFE_INTEGER / 8) {
    throw new MalformedHeader(`tensor ${quoted(name)} is too large: ${dims.join(" × ")}`);
  }
  const offset = cursor.count(Number.MAX_SAFE_INTEGER, "the offset", name);
  return { name, dims, type, offset, bytes: bytesOf(type, dims) };
}
