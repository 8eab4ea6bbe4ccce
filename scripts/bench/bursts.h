// How a program measures in turn with others: it prints `ready` once all is laid out, and then answers each line on its
// standard input, seconds that passes are to fill, with nanoseconds of a pass: by the clock, and of the processor.
#include <stdio.h>
#include <time.h>

static double bursts_now_ns(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

// `each` passes of a call. Ends with the input.
static void answer_bursts(void (*pass)(void * work), void * work, long each) {
    double seconds;
    printf("ready\n");
    fflush(stdout);
    while (scanf("%lf", &seconds) == 1) {
        long passes = 0;
        double wall = bursts_now_ns(CLOCK_MONOTONIC);
        double processor = bursts_now_ns(CLOCK_PROCESS_CPUTIME_ID);
        do {
            pass(work);
            passes += each;
        } while (bursts_now_ns(CLOCK_MONOTONIC) - wall < seconds * 1e9);
        processor = bursts_now_ns(CLOCK_PROCESS_CPUTIME_ID) - processor;
        wall = bursts_now_ns(CLOCK_MONOTONIC) - wall;
        printf("%.1f %.1f\n", wall / passes, processor / passes);
        fflush(stdout);
    }
}
