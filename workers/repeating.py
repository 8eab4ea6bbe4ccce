"""Repeats a case until its rule says enough; what the machine slept through is dropped and taken again.

The rule comes with the request, its limits and Student's t with it, so that it is the same for every engine.
"""

import gc
import statistics
import time

from channel import Failure
from system import awake_ns

# A machine that sleeps, or a scaler that skips, more often than this would keep us up all night.
MOST_DROPPED = 10

# How far the two clocks may part: beyond what a clock is set by in its course.
PARTED_NS = 100_000_000

# Ten minutes of a toy's repetitions would be millions of samples: shorter ones are averaged over this time.
LEAST_SUSTAINED_NS = 100_000_000

# Whole repetitions that warm up at most.
MOST_WARMUPS = 3


class Timed:
    """The time of one piece of work, between two readings of the clock at each of which the device is idle."""

    def __init__(self, work, synchronize):
        # Objects of the last repetition are dropped now, and not within the next one.
        gc.collect(0)
        synchronize()
        wall, awake = time.time_ns(), awake_ns()
        processor = time.process_time_ns()
        began = time.perf_counter_ns()
        work()
        synchronize()
        self.ns = time.perf_counter_ns() - began
        self.cpu_ms = (time.process_time_ns() - processor) / 1e6
        self.slept = abs((time.time_ns() - wall) - (awake_ns() - awake)) > PARTED_NS


class Repeated:
    def __init__(self):
        self.samples_ns = []
        self.started_ns = []
        self.warmup_ns = []
        self.suspended = 0
        self.stopped_by = None
        self.cpu_ms = []


def repeat(request, channel, once):
    """Repeats `once(number)`, which gives a Timed, or None for one that doesn't count and is taken again."""
    warmup = request["warmup"]
    told = Repeated()
    began_ns = time.monotonic_ns()
    rest(request["delay"], channel)
    if warmup != "none":
        channel.phase("warm_up", 1)
        counted(once, 0)
    if warmup == "full":
        channel.phase("warm_up", 2)
        told.warmup_ns.append(counted(once, 0).ns)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        repeat_timed(request, channel, once, told, began_ns)
    finally:
        gc.enable()
        gc.unfreeze()
        channel.flush()
    return told


def repeat_timed(request, channel, once, told, began_ns):
    rule, agreement = request["rule"], request["agreement"]
    warm = not told.warmup_ns
    first_ns = time.monotonic_ns()

    def awake():
        nonlocal warm, first_ns
        dropped = 0
        while True:
            number = len(told.samples_ns) + 1
            channel.phase("repetition", number)
            timed = once(number)
            if timed is not None and not timed.slept:
                if not warm and not is_settled(told.warmup_ns, timed.ns, agreement):
                    told.warmup_ns.append(timed.ns)
                    first_ns = time.monotonic_ns()
                    continue
                warm = True
                told.cpu_ms.append(timed.cpu_ms)
                return timed.ns
            told.suspended += 1 if timed is not None else 0
            dropped += 1
            if dropped > MOST_DROPPED:
                why = "the machine slept in" if timed is not None else "the loss scaler skipped"
                raise Failure("work", "%s %d repetitions one after another" % (why, dropped))

    while told.stopped_by is None:
        started = time.monotonic_ns()
        ns = mean_over(LEAST_SUSTAINED_NS, awake) if rule["kind"] == "sustain" else awake()
        # Repetitions that turned out to warm up went before the first.
        told.started_ns.append(max(started, first_ns) - first_ns)
        told.samples_ns.append(ns)
        channel.sample(ns)
        since = first_ns if rule["kind"] == "sustain" else began_ns
        told.stopped_by = stop_reason(told.samples_ns, time.monotonic_ns() - since, rule)


def counted(once, number):
    """A repetition that warms up: what a scaler skips is taken again."""
    for _ in range(MOST_DROPPED):
        timed = once(number)
        if timed is not None:
            return timed
    raise Failure("work", "the loss scaler skipped %d repetitions one after another" % MOST_DROPPED)


def is_settled(warmups, ns, agreement):
    """Whether a repetition comes as near to the last warm-up as that share of it."""
    last = warmups[-1]
    return len(warmups) >= MOST_WARMUPS or abs(ns - last) <= agreement * last


def mean_over(least_ns, once):
    total = count = 0
    while total < least_ns:
        total += once()
        count += 1
    return total / count


def stop_reason(samples, elapsed_ns, rule):
    """None where another repetition is due."""
    if rule["kind"] == "count":
        return "repetitions" if len(samples) >= rule["count"] else None
    if rule["kind"] == "sustain":
        return "sustain" if elapsed_ns >= rule["seconds"] * 1e9 else None
    if is_precise(samples, rule) if rule["enough"] is None else len(samples) >= rule["enough"]:
        return "precision"
    if len(samples) >= rule["least_in_time"] and elapsed_ns >= rule["max_seconds"] * 1e9:
        return "max_time"
    return "max_repetitions" if len(samples) >= rule["most"] else None


def is_precise(samples, rule):
    return len(samples) >= rule["least"] and half_width(samples, rule["t95"]) <= rule["precision"]


def half_width(samples, t95):
    """Of the mean's 95% interval, as a share of the mean."""
    count = len(samples)
    spread = statistics.stdev(samples)
    return t95[count - 2] * spread / count**0.5 / statistics.fmean(samples)


# Seconds between two signs of life while the machine rests.
REST_SLICE = 30


def rest(seconds, channel):
    while seconds > 0:
        channel.phase("rest")
        time.sleep(min(seconds, REST_SLICE))
        seconds -= REST_SLICE
