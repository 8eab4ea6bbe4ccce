"""A worker of llmbench: answers requests for one framework on one device, one after the other.

Started as `python worker.py torch cpu`. What is said is in channel.py, what is measured in training.py and arithmetic.py.
"""

import os
import sys

# A safe path (PYTHONSAFEPATH, -P) leaves the worker's own folder out.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from channel import Channel, Failure  # noqa: E402
from system import leave_interrupts_to_parent, offer_to_the_kernel  # noqa: E402
import arithmetic  # noqa: E402
from training import Training  # noqa: E402


def open_framework(name, device):
    """Imports one framework only: each takes seconds."""
    if name == "torch":
        from torch_framework import TorchFramework

        return TorchFramework(device)
    if name == "mlx":
        from mlx_framework import MlxFramework

        return MlxFramework(device)
    raise Failure("engine", "no worker for " + name)


training = Training()

HANDLERS = {
    "probe": lambda framework, request, channel: framework.facts(),
    "prepare": training.prepare,
    "prove": training.prove,
    "measure": training.measure,
    "arithmetic": arithmetic.measure,
}


def main():
    name, device = sys.argv[1], sys.argv[2]
    offer_to_the_kernel()
    leave_interrupts_to_parent()
    channel = Channel()
    framework = None
    for request in channel.requests():
        try:
            if framework is None:
                framework = open_framework(name, device)
            channel.result(HANDLERS[request["type"]](framework, request, channel))
        except Failure as failure:
            channel.error(failure.place, str(failure))
        except Exception as error:  # noqa: BLE001 - whatever a framework throws is the case's result
            place = "memory" if is_memory(framework, error) else "engine"
            channel.error(place, one_line(error), traceback_of=error)


def is_memory(framework, error):
    return isinstance(error, MemoryError) or (
        framework is not None and framework.speaks_of_memory(error)
    )


def one_line(error):
    text = str(error).strip().split("\n")[0]
    return text if text else type(error).__name__


if __name__ == "__main__":
    main()
