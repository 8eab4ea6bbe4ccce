/**
 * Large pages for a roof's tensors. Where the free memory has been cut into scattered pages of 4 KiB, each of them costs a
 * walk through the page tables, in a virtual machine through two: the same kernel read 9.9 GB/s of q8_0 so and 17.8 with
 * pages of 2 MiB. Which of the two a process meets depends on what ran before it, and a model's file lies together in the
 * page cache; so of weights that a file is mapped for, a roof is what the memory gives where pages are no hindrance.
 */
import koffi from "koffi";
import { bind } from "../bind.ts";
import type { Pointer } from "../structs.ts";

/** MADV_HUGEPAGE (asm-generic/mman-common.h). Systems that give such pages to all, or to none, do so still. */
const hugePages = 14;

/** Of Linux on any processor that llama.cpp is built for, or a divisor of it. */
const pageBytes = 64 * 1024;

type Advise = (address: Pointer, bytes: number, advice: number) => number;

/** To be asked before the memory is touched. Linux's alone: macOS's pages are larger, and Windows wants a privilege for it. */
export function askForHugePages(address: Pointer, bytes: number): void {
  if (process.platform !== "linux" || bytes < pageBytes) return;
  const offset = Number(address % BigInt(pageBytes));
  const skipped = (pageBytes - offset) % pageBytes;
  try {
    advise()(address + BigInt(skipped), bytes - skipped, hugePages);
  } catch {
    // Without it, a roof is what the system's usual pages give.
  }
}

let bound: Advise | undefined;

function advise(): Advise {
  bound ??= bind<Advise>(
    koffi.load("libc.so.6"),
    "int madvise(uintptr_t address, size_t bytes, int advice)",
  );
  return bound;
}
