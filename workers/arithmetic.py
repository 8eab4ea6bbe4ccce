"""What a device's memory and arithmetic can do through a framework: copies, matrices times a vector, matrices times matrices.

As llmbench measures it through llama.cpp: a burst behind a rest, then repetitions of as many passes as a quarter of a second
holds.
"""

import statistics
import time

from channel import Failure
from repeating import Timed, repeat
from system import forget_peak, memory_now, peak_resident_bytes

# Long enough for the clock, and for what runs beside to be averaged.
REPETITION_NS = 250_000_000
BURST_NS = 100_000_000

# Lets a processor's clock, and its budget of power, come back.
REST_SECONDS = 0.5

# Between two waits for the device: a long queue takes memory.
QUEUED_NS = 20_000_000

# What is read or copied goes beyond the caches so many times.
TIMES_CACHE = 4

# Of the caches, where nobody told how large they are.
ASSUMED_CACHE_BYTES = 64 * 2**20


# A product of matrices of this share of the size says how long the whole takes.
PILOT_SHARE = 8


def refuse_slow(framework, request):
    """A type that the device computes slowly must not take hours."""
    size = request["size"] // PILOT_SHARE
    if request["kind"] != "matmul" or size == 0:
        return
    pilot = framework.arithmetic({**request, "size": size}, 0)
    ns = min(Timed(pilot.run, framework.synchronize).ns for _ in "12")
    seconds = ns / 1e9 * PILOT_SHARE**3
    if seconds > request["most_seconds"]:
        said = (request["size"], seconds, size, ns / 1e9)
        raise Failure("slow", "a product of %d rows would take %.0f s, by one of %d rows that took %.2g s" % said)


def measure(framework, request, channel):
    framework.forget()
    forget_peak()
    start = memory_now(framework.free_memory())
    channel.phase("load")
    refuse_slow(framework, request)
    began = time.perf_counter_ns()
    told = framework.cache_bytes() or request["cache_bytes"]
    work = framework.arithmetic(request, TIMES_CACHE * (told or ASSUMED_CACHE_BYTES))
    framework.synchronize()
    load_ns = time.perf_counter_ns() - began
    loaded = memory_now(framework.free_memory())

    def passes_in(count, queued):
        def run():
            done = 0
            while done < count:
                until = min(count, done + queued)
                while done < until:
                    work.run()
                    done += 1
                framework.synchronize()

        return Timed(run, framework.synchronize)

    channel.phase("warm_up", 1)
    work.wipe()
    # The first pass also compiles kernels and touches pages.
    first = passes_in(1, 1).ns
    inspect(work, 1)
    single = first if first > REPETITION_NS else passes_in(1, 1).ns
    holding = lambda ns: max(1, -(-ns // single))  # noqa: E731
    passes, queued, in_burst = holding(REPETITION_NS), holding(QUEUED_NS), holding(BURST_NS)
    time.sleep(REST_SECONDS)
    burst_ns = passes_in(in_burst, queued).ns / in_burst * passes
    warm = memory_now(framework.free_memory())

    def once(number):
        work.wipe()
        timed = passes_in(passes, queued)
        inspect(work, number)
        return timed

    repeated = repeat(request, channel, once)
    peak = peak_resident_bytes()
    memory = {"start": start, "loaded": loaded, "context": loaded, "warm": warm}
    return {
        "samples_ns": repeated.samples_ns,
        "warmup_ns": repeated.warmup_ns,
        "started_ns": repeated.started_ns,
        "stopped_by": repeated.stopped_by,
        "suspended": repeated.suspended,
        "repetition_cpu_ms": statistics.fmean(repeated.cpu_ms),
        "passes": passes,
        "pass_bytes": work.pass_bytes,
        "burst_ns": burst_ns,
        "assumed_cache_bytes": None if told or work.pass_bytes is None else ASSUMED_CACHE_BYTES,
        "load_ms": load_ns / 1e6,
        "memory": None if peak is None else {**memory, "peak_resident_bytes": peak},
        "peak_device_bytes": framework.peak_device_bytes(),
    }


def inspect(work, number):
    flaw = work.flaw()
    if flaw is not None:
        raise Failure("work", "repetition %d left %s" % (number, flaw))
