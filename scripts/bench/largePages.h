// Large pages for memory that wasn't touched yet, where Linux gives them to those who ask, as llmbench asks for its tensors
// that a model's file would be mapped for (src/engines/llamacpp/roof/hugePages.ts).
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

static void ask_for_large_pages(void * memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
    uintptr_t page = 65536;
    uintptr_t first = ((uintptr_t) memory + page - 1) / page * page;
    madvise((void *) first, (uintptr_t) memory + bytes - first, MADV_HUGEPAGE);
#else
    (void) memory;
    (void) bytes;
#endif
}
