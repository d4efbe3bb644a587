"""CPU time and memory of a child process with all of its own children."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu_s` is user and system time, start and imports included; `peak_mib` is resident."""

    cpu_s: float
    peak_mib: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu_s + other.cpu_s, max(self.peak_mib, other.peak_mib))


def measure(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run `command` and give what it cost; its failure ends the benchmark."""
    process = subprocess.Popen(command, env={**os.environ, **environment})
    # unlike getrusage(RUSAGE_CHILDREN) this is of one child, not the maximum over all so far
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 2**20)
