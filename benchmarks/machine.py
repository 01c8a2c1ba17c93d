"""No benchmark: the machine, and the memory and time of processes on it."""

from __future__ import annotations

import os
import platform
import resource
import sys
from pathlib import Path


def machine() -> str:
    """System, Python, number of CPUs and load, for the first line of a report."""
    return f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}"


def most_mb() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def cpu_seconds(pid: int) -> float:
    """CPU seconds of another process so far; 0 if it has ended, no number where the system does not say (Linux does)."""
    text = _of_process(pid, "stat")
    if not text:
        return float("nan") if text is None else 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, key: str = "VmRSS") -> float:
    """Memory of another process in MB, in the same way: now, or at most (``VmHWM``)."""
    text = _of_process(pid, "status")
    if not text:
        return float("nan") if text is None else 0.0
    rows = dict(row.split(":", 1) for row in text.splitlines() if ":" in row)
    return int(rows.get(key, "0 kB").split()[0]) / 1000


def _of_process(pid: int, name: str) -> str | None:
    if not Path("/proc").is_dir():
        return None
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""
