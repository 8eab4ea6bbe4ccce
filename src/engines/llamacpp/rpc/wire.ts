/**
 * Messages of llama.cpp's RPC protocol, as far as llmbench speaks it itself (ggml/src/ggml-rpc/ggml-rpc.cpp, v0.4.0):
 * a command's byte, the size of what follows in 8 bytes, and that. An answer is its size and itself. All is little-endian.
 */

/** RPC_PROTO_MAJOR_VERSION and RPC_PROTO_MINOR_VERSION, ggml/include/ggml-rpc.h. */
export const protocolVersion = { major: 6, minor: 0 } as const;

/** rpc_cmd. */
const commands = {
  allocBuffer: 0,
  getAlignment: 1,
  bufferGetBase: 3,
  freeBuffer: 4,
  setTensor: 6,
  getTensor: 8,
  getDeviceMemory: 11,
  hello: 14,
  deviceCount: 15,
} as const;

export interface Message {
  readonly command: keyof typeof commands;
  readonly payload: Uint8Array;
  /** Bytes of the answer; null where none comes. */
  readonly answerBytes: number | null;
}

const sizeBytes = 8;

/** The bytes before a payload. */
export function frameHeader({ command, payload }: Message): Buffer {
  const header = Buffer.alloc(1 + sizeBytes);
  header.writeUInt8(commands[command]);
  header.writeBigUInt64LE(BigInt(payload.length), 1);
  return header;
}

/** What a client and a server could speak beside TCP; ours is nothing (RPC_CONN_CAPS_SIZE). */
const capabilityBytes = 24;

export function hello(): Message {
  return {
    command: "hello",
    payload: Buffer.alloc(capabilityBytes),
    answerBytes: 4 + capabilityBytes,
  };
}

export function readHello(answer: Buffer): { readonly major: number; readonly minor: number } {
  return { major: answer.readUInt8(0), minor: answer.readUInt8(1) };
}

export function deviceCount(): Message {
  return { command: "deviceCount", payload: Buffer.alloc(0), answerBytes: 4 };
}

function numbered(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

export function deviceMemory(device: number): Message {
  return { command: "getDeviceMemory", payload: numbered(device), answerBytes: 16 };
}

/** A question that changes nothing and is answered at once. */
export function alignment(device: number): Message {
  return { command: "getAlignment", payload: numbered(device), answerBytes: 8 };
}

export function allocBuffer(device: number, bytes: number): Message {
  return {
    command: "allocBuffer",
    payload: Buffer.concat([numbered(device), long(BigInt(bytes))]),
    answerBytes: 16,
  };
}

export function bufferBase(buffer: bigint): Message {
  return { command: "bufferGetBase", payload: long(buffer), answerBytes: 8 };
}

export function freeBuffer(buffer: bigint): Message {
  return { command: "freeBuffer", payload: long(buffer), answerBytes: null };
}

/** A server's buffer, by the numbers that it gave for it. */
export interface RemoteBuffer {
  readonly buffer: bigint;
  readonly base: bigint;
  readonly bytes: number;
}

/** rpc_tensor, packed: 32-bit floats in one row that fills a buffer. */
function tensorOf({ buffer, base, bytes }: RemoteBuffer): Buffer {
  const tensor = Buffer.alloc(tensorBytes);
  const floats = bytes / 4;
  tensor.writeBigUInt64LE(1n, 0);
  tensor.writeBigUInt64LE(buffer, 12);
  [floats, 1, 1, 1].forEach((length, at) => tensor.writeUInt32LE(length, 20 + 4 * at));
  [4, bytes, bytes, bytes].forEach((stride, at) => tensor.writeUInt32LE(stride, 36 + 4 * at));
  tensor.writeBigUInt64LE(base, dataAt);
  return tensor;
}

/** id, type, buffer, ne, nb, op, op_params, flags, src, view_src, view_offs, data, name, use_count. */
const tensorBytes = 8 + 4 + 8 + 16 + 16 + 4 + 64 + 4 + 80 + 8 + 8 + 8 + 64 + 4;
const dataAt = tensorBytes - 4 - 64 - 8;

/** Fills a buffer; `data` has its size. */
export function setTensor(to: RemoteBuffer, data: Uint8Array): Message {
  return {
    command: "setTensor",
    payload: Buffer.concat([tensorOf(to), long(0n), data]),
    answerBytes: null,
  };
}

export function getTensor(from: RemoteBuffer): Message {
  return {
    command: "getTensor",
    payload: Buffer.concat([tensorOf(from), long(0n), long(BigInt(from.bytes))]),
    answerBytes: from.bytes,
  };
}
