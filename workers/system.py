"""What the system tells of this process and is told of it, without a package."""

import ctypes
import os
import signal
import sys
import time


def offer_to_the_kernel():
    """Where memory runs out the kernel is to end what holds the model, not the parent that reports it (proc(5))."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


def leave_interrupts_to_parent():
    """The terminal's Ctrl-C, and its end, reach the whole process group; when to end is the parent's decision."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def awake_ns():
    """A clock that stands still while the machine sleeps; Python's own does so everywhere but on Windows."""
    if sys.platform != "win32":
        return time.monotonic_ns()
    count = ctypes.c_uint64()
    ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(count))
    return 100 * count.value


def forget_peak():
    """Lets the peak of resident memory begin anew, where the system can (Linux: clear_refs, proc(5))."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def peak_resident_bytes():
    """The most that was resident since the peak was forgotten, or since the start; None where nobody tells."""
    peak = status_bytes("VmHWM")
    if peak is not None:
        return peak
    try:
        import resource
    except ImportError:
        return windows_counter("PeakWorkingSetSize")
    # In bytes on macOS, where there is no /proc.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def private_bytes():
    """What the host must hold for this process and no file stands behind; None where nobody tells."""
    anonymous = status_bytes("RssAnon")
    return windows_counter("PrivateUsage") if anonymous is None else anonymous


def status_bytes(name):
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith(name + ":"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    return None


class MemoryCounters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS_EX (psapi.h)."""

    _fields_ = [("cb", ctypes.c_uint32), ("PageFaultCount", ctypes.c_uint32)] + [
        (name, ctypes.c_size_t)
        for name in (
            "PeakWorkingSetSize",
            "WorkingSetSize",
            "QuotaPeakPagedPoolUsage",
            "QuotaPagedPoolUsage",
            "QuotaPeakNonPagedPoolUsage",
            "QuotaNonPagedPoolUsage",
            "PagefileUsage",
            "PeakPagefileUsage",
            "PrivateUsage",
        )
    ]


def windows_counter(name):
    if sys.platform != "win32":
        return None
    counters = MemoryCounters()
    counters.cb = ctypes.sizeof(counters)
    kernel = ctypes.windll.kernel32
    ask = kernel.K32GetProcessMemoryInfo
    ask.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32]
    this_process = ctypes.c_void_p(-1)
    done = ask(this_process, ctypes.byref(counters), counters.cb)
    return getattr(counters, name) if done else None


def memory_now(devices):
    """As the journal keeps it: what devices say is free, by name, and what this process holds."""
    return {
        "devices": [{"device": name, "free_bytes": free} for name, free in devices],
        "private_bytes": private_bytes(),
    }


def ram_bytes():
    """Free without swapping, and in all; 0 where nobody tells."""
    known = {}
    try:
        with open("/proc/meminfo") as file:
            for line in file:
                name, value = line.split(":")
                known[name] = 1024 * int(value.split()[0])
        return known["MemAvailable"], known["MemTotal"]
    except (OSError, KeyError, ValueError):
        pass
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return total, total
    except (AttributeError, ValueError, OSError):
        return 0, 0
