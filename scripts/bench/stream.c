// STREAM's copy (McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers", 1995), in bursts as
// bursts.h says: arrays of a size that the compiler knows, STREAM_ARRAY_SIZE numbers each, as stream.c has them. So compilers
// see that they don't overlap, and call the library's memcpy for the loop, which is what ggml copies with.
//
//   stream
//
// One thread. The arrays lie in large pages, where Linux gives them, as llmbench's do.
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include "bursts.h"
#include "largePages.h"

#define ALIGNED __attribute__((aligned(2 * 1024 * 1024)))
static double a[STREAM_ARRAY_SIZE] ALIGNED, c[STREAM_ARRAY_SIZE] ALIGNED;
static long passes;

static void copy(void * work) {
    (void) work;
    for (long j = 0; j < STREAM_ARRAY_SIZE; j++) c[j] = a[j];
    // No pass copies what the one before did.
    a[passes++ % STREAM_ARRAY_SIZE] += 1;
}

int main(void) {
    ask_for_large_pages(a, sizeof(a));
    ask_for_large_pages(c, sizeof(c));
    for (long j = 0; j < STREAM_ARRAY_SIZE; j++) {
        a[j] = 1.0 + j % 7;
        c[j] = 0;
    }
    answer_bursts(copy, NULL, 1);
    copy(NULL);
    if (c[STREAM_ARRAY_SIZE - 1] != a[STREAM_ARRAY_SIZE - 1]) {
        fprintf(stderr, "stream: nothing was copied\n");
        return 1;
    }
    return 0;
}
