"""What this worker and the process that started it say to each other, one JSON object a line.

Requests come on standard input. Messages go out on what was standard output, which from here on is the log: what a library
prints must not stand between them. Each request is answered with one `result` or `error`; `phase` and `sample` come before.
"""

import json
import math
import os
import queue
import sys
import threading
import time
import traceback

# Written to the log before each answer, so that the parent has read all that was logged for the request.
LOG_MARK = "@llmbench:"

# Repetitions that follow each other quickly are told of together: each message wakes the parent, which takes a core from
# what is measured.
QUIET_SECONDS = 0.2


class Failure(Exception):
    """A request that can't be answered, with the place where it failed: `engine`, `memory`, `slow`, `support` or
    `work`."""

    def __init__(self, place, message):
        super().__init__(message)
        self.place = place


class Channel:
    def __init__(self):
        self._out = os.dup(1)
        os.dup2(2, 1)
        self._queue = queue.SimpleQueue()
        self._held = []
        self._told_at = -math.inf
        # Under `uv run` the parent knows the number of uv alone.
        self._write([{"type": "process", "pid": os.getpid()}])
        threading.Thread(target=self._read, daemon=True).start()

    def requests(self):
        while True:
            yield self._queue.get()

    def phase(self, kind, number=None):
        """Tells of a step before it begins."""
        phase = {"kind": kind} if number is None else {"kind": kind, "number": number}
        self._held.append({"type": "phase", "phase": phase})
        if kind != "repetition" or time.monotonic() - self._told_at >= QUIET_SECONDS:
            self.flush()

    def sample(self, ns):
        self._held.append({"type": "sample", "ns": ns})

    def flush(self):
        if self._held:
            self._write(self._held)
        self._held = []
        self._told_at = time.monotonic()

    def result(self, value):
        self._answer({"type": "result", "value": value})

    def error(self, place, message, traceback_of=None):
        if traceback_of is not None:
            sys.stderr.write("".join(traceback.format_exception(traceback_of)))
        self._answer({"type": "error", "place": place, "message": message})

    def _answer(self, message):
        self.flush()
        sys.stderr.write("%s %s\n" % (LOG_MARK, message["type"]))
        sys.stderr.flush()
        self._write([message])

    def _write(self, messages):
        lines = "".join(json.dumps(plain(message)) + "\n" for message in messages).encode()
        while lines:
            lines = lines[os.write(self._out, lines) :]

    def _read(self):
        """At end of file the parent is gone, and this process with it, inside a long call of the framework too."""
        rest = b""
        while True:
            chunk = read_or_end(0)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._queue.put(json.loads(line))


def read_or_end(descriptor):
    try:
        chunk = os.read(descriptor, 65536)
    except OSError:
        chunk = b""
    if not chunk:
        os._exit(1)
    return chunk


def plain(value):
    """JSON has no word for what is not finite: it goes as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value
