/**
 * Flushes a file to disk and drops its pages from the system's cache, so that loading it reads the disk as loading any
 * other file would, and no write-back disturbs what is measured. The one place that knows how each platform does it.
 */
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

type DropPages = (file: FileHandle, path: string) => Promise<boolean>;

const dropPages: Partial<Record<NodeJS.Platform, DropPages>> = {
  linux: adviseDontNeed,
  darwin: invalidateMapping,
  win32: openUnbuffered,
};

/**
 * True where the pages were dropped; false where the platform refused, which changes load times and nothing else.
 *
 * @throws where flushing fails: the disk was full after all
 */
export async function flushAndDropCachedPages(path: string): Promise<boolean> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return dropCachedPages([path]);
}

/**
 * Drops the clean pages of files that are only read.
 * @returns whether the system did so for all of them
 */
export async function dropCachedPages(paths: readonly string[]): Promise<boolean> {
  try {
    for (const path of paths) if (!(await dropPagesOf(path))) return false;
    return true;
  } catch {
    return false;
  }
}

async function dropPagesOf(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    return (await dropPages[process.platform]?.(file, path)) ?? false;
  } finally {
    await file.close();
  }
}

/** POSIX_FADV_DONTNEED, linux/fadvise.h; clean pages go at once. */
async function adviseDontNeed(file: FileHandle): Promise<boolean> {
  const dontNeed = 4;
  const { default: koffi } = await import("koffi");
  const advise = koffi
    .load("libc.so.6")
    .func("int posix_fadvise(int fd, int64_t offset, int64_t length, int advice)");
  return advise(file.fd, 0, 0, dontNeed) === 0;
}

/** macOS has no fadvise; a mapping that is invalidated takes the file's clean pages with it (sys/mman.h). */
async function invalidateMapping(file: FileHandle): Promise<boolean> {
  const [readable, shared, invalidate] = [1, 1, 2];
  const { size } = await file.stat();
  const { default: koffi } = await import("koffi");
  const system = koffi.load("libSystem.B.dylib");
  const map = system.func(
    "void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)",
  );
  const synchronize = system.func("int msync(void *address, size_t length, int flags)");
  const unmap = system.func("int munmap(void *address, size_t length)");
  const address: unknown = map(null, size, readable, shared, file.fd, 0);
  const dropped = synchronize(address, size, invalidate) === 0;
  unmap(address, size);
  return dropped;
}

/** Windows purges a file's cached pages when it is opened with FILE_FLAG_NO_BUFFERING, libuv's UV_FS_O_DIRECT. */
async function openUnbuffered(_: FileHandle, path: string): Promise<boolean> {
  const direct = 0x02_00_00_00;
  const file = await open(path, direct);
  await file.close();
  return true;
}
