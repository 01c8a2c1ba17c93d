"""Limits on what one document may use, enforced by the operating system."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

resource: Any = None
with contextlib.suppress(ImportError):  # Windows has no such limits
    import resource

if TYPE_CHECKING:
    from osce_commitments.config import Limits
    from osce_commitments.schema import Source

_KILOBYTE = 1024
_MEGABYTE = 1_000_000
# Elsewhere, a limit of address space is not enforced (macOS), or its use cannot be read.
HAS_MEMORY_LIMIT = sys.platform == "linux"
HAS_TIME_LIMIT = resource is not None
# A process that keeps this share of its memory budget after a document is replaced. One that used it may have lacked more.
_LARGE_SHARE = 0.5


def seconds_for(source: Source, limits: Limits) -> int:
    """CPU seconds that a source may take: more for a larger file."""
    return limits.max_seconds + limits.max_seconds_per_megabyte * len(source.content) // _MEGABYTE


class Budget:
    """Limits of this process for one document after another."""

    def __init__(self) -> None:
        self._memory_at_start = _address_space("VmSize")
        self._peak = 0

    def begin(self, source: Source, limits: Limits) -> None:
        """Limit this process until ``end``; beyond the limit of time the system ends it."""
        _limit(resource.RLIMIT_CPU, int(_cpu_seconds()) + 1 + seconds_for(source, limits))
        self._peak = _address_space("VmPeak")
        if HAS_MEMORY_LIMIT:
            _limit(resource.RLIMIT_AS, self._memory_at_start + limits.max_memory_megabytes * _MEGABYTE)

    def end(self) -> None:
        """Lift the limits."""
        _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
        if HAS_MEMORY_LIMIT:
            _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)

    def was_used_up(self, limits: Limits) -> bool:
        """Whether the last document took so much memory that it may have lacked more."""
        peak = _address_space("VmPeak")
        return peak > self._peak and self._is_large(peak, limits)

    def is_worn(self, limits: Limits) -> bool:
        """Whether this process keeps so much memory that the next document would have too little."""
        return self._is_large(_address_space("VmSize"), limits)

    def _is_large(self, size: int, limits: Limits) -> bool:
        return size - self._memory_at_start > _LARGE_SHARE * limits.max_memory_megabytes * _MEGABYTE


def _limit(what: int, value: int) -> None:
    _, most = resource.getrlimit(what)
    # A limit of the whole session may be lower.
    no_limit = resource.RLIM_INFINITY
    value = value if most == no_limit else min(value, most) if value != no_limit else most
    resource.setrlimit(what, (value, most))


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return float(used.ru_utime + used.ru_stime)


def _address_space(which: str) -> int:
    """Bytes of address space, now ("VmSize") or at most ("VmPeak"); 0 if the system does not tell."""
    if not HAS_MEMORY_LIMIT:
        return 0
    rows = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) * _KILOBYTE for row in rows if row.startswith(f"{which}:"))
