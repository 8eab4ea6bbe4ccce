/** Folders of their own for tests, and places where writing fails. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new folder, with a space in its name; gone after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "llmbench results "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Why a file system of a few KiB can't be had here; null where it can. */
export function noSmallDisk(): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "mounting needs root on Linux";
  try {
    withSmallDisk(() => {});
    return null;
  } catch (error) {
    return `mount refuses: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

/** Calls `use` with a folder on a disk of 64 KiB of its own. */
export function withSmallDisk<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "llmbench disk "));
  const release = (): void => {
    execFileSync("/bin/umount", [folder]);
    rmSync(folder, { recursive: true });
  };
  execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "pipe" });
  let result: T;
  try {
    result = use(folder);
  } catch (error) {
    release();
    throw error;
  }
  if (result instanceof Promise) return result.finally(release) as T;
  release();
  return result;
}

/** Runs `use` as a user who may not write to `folder`: root is denied nothing, so it steps down meanwhile. */
export async function withoutPermission<T>(folder: string, use: () => Promise<T>): Promise<T> {
  chmodSync(folder, 0o555);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await use();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o755);
  }
}
