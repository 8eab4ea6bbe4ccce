"""A worker that does what `BROKEN` names, and else what the real one does."""

import os
import sys
import time

sys.path.insert(0, os.environ["WORKERS"])

import worker  # noqa: E402

NAME = sys.argv[1]


def trainer_of(name):
    if name == "torch":
        from torch_framework import TorchTrainer

        return TorchTrainer
    from mlx_framework import MlxTrainer

    return MlxTrainer


def nothing(*_):
    pass


def no_backward(name):
    """What a step without a backward pass has for gradients: none, or zeros where they are a value."""
    if name == "torch":
        return nothing

    def only_loss(self, tokens):
        import mlx.core as mx
        from mlx.utils import tree_map

        zeros = tree_map(mx.zeros_like, self.model.trainable_parameters())
        return self.scaled_loss(tokens[:, :-1], tokens[:, 1:], mx.array(1.0)), zeros

    return only_loss


def once_timed(trainer, name, instead):
    """The real thing while it is watched, which is the proof: four steps, and a slice twice."""
    real, calls = getattr(trainer, name), []

    def replaced(self, *rest):
        calls.append(1)
        return real(self, *rest) if len(calls) <= (6 if name == "backward" else 4) else instead(self, *rest)

    setattr(trainer, name, replaced)


def keeps_gradients(trainer):
    """The weights move by gradients that an earlier step left."""
    if NAME == "torch":
        trainer.clear = nothing
        once_timed(trainer, "backward", nothing)
        return
    real, kept = trainer.backward, []

    def kept_backward(self, tokens):
        if len(kept) < 6:
            kept.append(real(self, tokens))
        return kept[-1]

    trainer.backward = kept_backward


def hang(*_):
    time.sleep(3600)


def die(*_):
    os.abort()


def run_out(*_):
    texts = {
        "torch": "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory",
        "mlx": "[malloc] Unable to allocate 17179869184 bytes.",
    }
    raise RuntimeError(texts[NAME])


DEEDS = {
    "skips the backward pass": lambda trainer: setattr(trainer, "backward", no_backward(NAME)),
    "skips the step": lambda trainer: setattr(trainer, "update", nothing),
    "skips the backward pass once it is timed": lambda trainer: once_timed(
        trainer, "backward", no_backward(NAME)
    ),
    "skips the step once it is timed": lambda trainer: once_timed(trainer, "update", nothing),
    "moves the weights by old gradients once it is timed": keeps_gradients,
    "hangs in a step": lambda trainer: once_timed(trainer, "update", hang),
    "dies in a step": lambda trainer: once_timed(trainer, "update", die),
    "runs out of memory in a step": lambda trainer: once_timed(trainer, "update", run_out),
}

DEEDS[os.environ["BROKEN"]](trainer_of(NAME))
worker.main()
