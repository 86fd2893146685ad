"""A bound on memory, for libraries that take as much as a hostile file asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_MORE = 4 << 30


@contextmanager
def bounded(most_more: int = MOST_MORE) -> Iterator[None]:
    """Let this process take only so much more memory meanwhile; on Linux, elsewhere not.

    Python raises `MemoryError` beyond it. A library in C may end the process, which ends
    one worker and not the machine.

    Parameters
    ----------
    most_more : int
        How much more, in bytes of address space, by default 4 GiB.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + most_more
    tightest = min(limit for limit in (wanted, soft, hard) if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (tightest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
