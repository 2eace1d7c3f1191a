"""How much memory this process has used at most."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_HIGH_WATER = re.compile(r"VmHWM:\s+(\d+) kB")


def peak_memory() -> int:
    """The peak resident memory in bytes.

    On Linux from /proc: ``ru_maxrss`` counts what the parent held when it started this process.
    """
    try:
        found = _HIGH_WATER.search(Path("/proc/self/status").read_text("ascii"))
    except OSError:
        found = None
    if found:
        return int(found[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
