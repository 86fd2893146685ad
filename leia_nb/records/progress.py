"""Progress bars: they count rows or bytes, or show the status and the time of jobs.

A bar is closed however its block ends. ``progress=False`` shows none.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from leia_nb.enums import JobStatus

_T = TypeVar("_T")
_LOG_INTERVAL = 10.0  # seconds between two lines in a log
_STATUS_FORMAT = "{desc} [{elapsed}] |{bar}|"


def track(
    rows: Iterable[_T], total: int | None, description: str, *, progress: bool = True
) -> Iterator[_T]:
    """Yield the rows and count them in a bar."""
    with progress_bar(total, description, progress=progress) as bar:
        for row in rows:
            yield row
            bar.update(1)


@contextmanager
def progress_bar(
    total: int | None, description: str, *, progress: bool = True, in_bytes: bool = False
) -> Iterator[Any]:
    """Open a bar that counts rows or bytes; ``.update(n)`` moves it."""
    unit = {"unit": "B", "unit_scale": True} if in_bytes else {"unit": " rows"}
    with _bar(progress, total=total, desc=description, **unit) as bar:
        try:
            yield bar
        except Exception:
            if not bar.n:  # remove a bar that shows no progress
                bar.leave, bar.total = False, None
            raise


class JobBar:
    """Shows the status of one job and the elapsed time; it is full when the job is processed."""

    def __init__(self, job_id: str, bar: Any) -> None:
        self._job_id = job_id
        self._bar = bar
        self._shown = ""

    def show(self, statuses: dict[str, JobStatus | str]) -> None:
        """Show the status of the job; without one, only the elapsed time changes."""
        status = statuses.get(self._job_id)
        if status:
            hint = f" until leia.jobs.start('{self._job_id}')" if status == "BLOCKED" else ""
            self._bar.set_description_str(f"job {self._job_id} {status}{hint}", refresh=False)
            self._bar.n = int(status == "PROCESSED")
        if not self._bar.sparse or status not in (None, self._shown):
            self._bar.refresh()
        self._shown = status or self._shown


class JobsBar:
    """Shows how many of several jobs have finished, and how many of those failed."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def show(self, statuses: dict[str, JobStatus | str]) -> None:
        """Show the known statuses by job id; without any, only the elapsed time changes."""
        if not statuses:
            if not self._bar.sparse:
                self._bar.refresh()
            return
        finished = [status for status in statuses.values() if getattr(status, "is_over", False)]
        failed = sum(status != "PROCESSED" for status in finished)
        moved = self._bar.n != len(finished)
        self._bar.n = len(finished)
        self._bar.set_postfix_str(f"done {len(finished) - failed}, failed {failed}", refresh=False)
        if moved or not self._bar.sparse:
            self._bar.refresh()


@contextmanager
def jobs_progress_bar(job_ids: list[str], *, progress: bool = True) -> Iterator[JobBar | JobsBar]:
    """Open the bar for waiting, for one job or for several."""
    if len(job_ids) == 1:
        description = f"job {job_ids[0]}"
        with _bar(progress, total=1, desc=description, bar_format=_STATUS_FORMAT) as bar:
            yield JobBar(job_ids[0], bar)
    else:
        with _bar(progress, total=len(job_ids), desc="jobs", unit=" jobs") as bar:
            yield JobsBar(bar)


@contextmanager
def _bar(progress: bool, **options: Any) -> Iterator[Any]:
    if not progress:
        yield _HiddenBar()
        return
    from tqdm.asyncio import tqdm as plain
    from tqdm.auto import tqdm

    sparse = tqdm is plain and not sys.stderr.isatty()  # a log: few lines, not an animation
    if sparse:
        options["mininterval"] = _LOG_INTERVAL
    bar: Any = tqdm(dynamic_ncols=True, **options)
    with bar:
        bar.sparse = sparse
        yield bar


class _HiddenBar:
    """Replaces a bar that is not shown."""

    n = 0
    total: int | None = None
    leave = False
    sparse = True

    def update(self, _n: float = 1) -> None: ...

    def reset(self) -> None: ...

    def refresh(self) -> None: ...

    def set_description_str(self, _text: str, refresh: bool = True) -> None: ...

    def set_postfix_str(self, _text: str, refresh: bool = True) -> None: ...


def sleep_and_refresh(bar: JobBar | JobsBar, seconds: float, *, tick: float = 0.5) -> None:
    """Sleep, and refresh the elapsed time in the bar at each tick."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(tick, left))
        bar.show({})
