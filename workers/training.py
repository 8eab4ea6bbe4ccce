"""Training a decoder on one fixed batch: made, proved to learn, timed; a request for each, judged by the parent in between."""

import collections
import statistics

from channel import Failure
from repeating import Timed, repeat
from system import forget_peak, memory_now, peak_resident_bytes

# What single repetitions tell of their work is kept of this many: a toy is repeated a million times in ten minutes.
MOST_TRACES = 10_000

# A scaler begins with too large a scale and halves it at each step that it skips: 2^16 is 1 after 16 of them.
MOST_SKIPPED = 20

# A part of a step, by which its time is judged before it is tried: a sequence of this share of the case's, alone.
SLICE_SHARE = 16
LEAST_SLICE = 16


class Training:
    """Requests about one case; the next case begins with nothing of the last."""

    def __init__(self):
        self.trainer = None
        self.memory = {}

    def prepare(self, framework, request, channel):
        self.trainer = None
        framework.forget()
        forget_peak()
        self.memory = {"start": memory_now(framework.free_memory())}
        channel.phase("load")
        self.trainer = framework.trainer(request)
        framework.synchronize()
        self.memory["loaded"] = memory_now(framework.free_memory())
        sequence = max(min(LEAST_SLICE, request["sequence"]), request["sequence"] // SLICE_SHARE)
        channel.phase("proof", 1)
        # The first of its kind compiles kernels and fills caches.
        slices = [Timed(lambda: self.trainer.slice(sequence), framework.synchronize).ns for _ in "12"]
        return {
            "n_params": self.trainer.parameter_count(),
            "setup": self.trainer.setup(),
            "slice_ns": min(slices),
            "slice_tokens": sequence,
        }

    def prove(self, framework, request, channel):
        """Steps on the fixed batch, none of them timed but the first, which may compile."""
        trainer = self.ready()
        before = trainer.tensor_marks()
        steps, taken = [], 0
        first = None
        while taken < request["steps"]:
            if first is None and trainer.compiler != "none":
                channel.phase("compile")
            else:
                channel.phase("proof", len(steps) + 2)
            timed = Timed(trainer.step, framework.synchronize)
            first = timed.ns if first is None else first
            steps.append({"loss": trainer.loss(), "skipped": trainer.skipped(), "ns": timed.ns})
            taken += 0 if trainer.skipped() else 1
            if len(steps) > request["steps"] + MOST_SKIPPED:
                break
        gradients = trainer.gradient_norms()
        after = trainer.tensor_marks()
        return {
            "steps": steps,
            "gradient_norms": gradients,
            "unchanged": [name for name, mark in before.items() if after[name] == mark],
            "tensors": len(before),
            "finite": trainer.weights_are_finite(),
        }

    def measure(self, framework, request, channel):
        trainer = self.ready()
        self.memory["context"] = memory_now(framework.free_memory())
        traces = collections.deque(maxlen=MOST_TRACES)
        warm = []

        def once(number):
            if number == 1 and not warm:
                warm.append(memory_now(framework.free_memory()))
            timed = Timed(trainer.step, framework.synchronize)
            if trainer.skipped():
                return None
            if number > 0:
                traces.append([trainer.loss(), trainer.gradient_mark(), trainer.weight_mark()])
            return timed

        before = [trainer.loss(), trainer.gradient_mark(), trainer.weight_mark()]
        told = repeat(request, channel, once)
        return {
            "samples_ns": told.samples_ns,
            "warmup_ns": told.warmup_ns,
            "started_ns": told.started_ns,
            "stopped_by": told.stopped_by,
            "suspended": told.suspended,
            "repetition_cpu_ms": statistics.fmean(told.cpu_ms),
            "traces": [before, *traces],
            "finite": trainer.weights_are_finite(),
            "peak_device_bytes": framework.peak_device_bytes(),
            "memory": self.memory_over_time(warm),
        }

    def memory_over_time(self, warm):
        peak = peak_resident_bytes()
        if peak is None:
            return None
        return {**self.memory, "warm": warm[0], "peak_resident_bytes": peak}

    def ready(self):
        if self.trainer is None:
            raise Failure("engine", "nothing is prepared")
        return self.trainer
