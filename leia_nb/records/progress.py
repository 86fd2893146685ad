"""Progress bars, honest ones: rows and bytes are counted, a job shows its stage and time.

Every bar is closed however its block ends. ``progress=False`` shows none.
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
_SPARSE_SECONDS = 10.0
_STAGE = "{desc} [{elapsed}] |{bar}|"


def rows_bar(
    rows: Iterable[_T], total: int | None, description: str, *, progress: bool = True
) -> Iterator[_T]:
    """Give the rows one by one and count them in a bar.

    Parameters
    ----------
    rows : iterable
        What is gone through.
    total : int or None
        How many there are, if that is known.
    description : str
        What the bar says.
    progress : bool
        Whether to show it.

    Yields
    ------
    object
        Each row.

    Examples
    --------
    >>> list(rows_bar("ab", 2, "letters", progress=False))
    ['a', 'b']
    """
    with counter(total, description, progress=progress) as bar:
        for row in rows:
            yield row
            bar.update(1)


@contextmanager
def counter(
    total: int | None, description: str, *, progress: bool = True, in_bytes: bool = False
) -> Iterator[Any]:
    """Open a bar that counts rows or bytes; ``.update(n)`` moves it.

    Parameters
    ----------
    total : int or None
        Rows or bytes in all.
    description : str
        What the bar says.
    progress : bool
        Whether to show it.
    in_bytes : bool
        Whether bytes are counted, shown as kB, MB …
    """
    unit = {"unit": "B", "unit_scale": True} if in_bytes else {"unit": " rows"}
    with _bar(progress, total=total, desc=description, **unit) as bar:
        try:
            yield bar
        except Exception:
            if not bar.n:  # nothing came of it: no bar stays
                bar.leave, bar.total = False, None
            raise


class StageBar:
    """Shows the stage of one job and the time it takes; full only when it is done.

    Parameters
    ----------
    job_id : str
        The job.
    bar : tqdm.tqdm
        The bar to write to.
    """

    def __init__(self, job_id: str, bar: Any) -> None:
        self._job_id = job_id
        self._bar = bar
        self._shown = ""

    def show(self, statuses: dict[str, JobStatus | str]) -> None:
        """Show a status by job id; without one, only the time goes on."""
        status = statuses.get(self._job_id)
        if status:
            hint = f" until leia.jobs.start('{self._job_id}')" if status == "BLOCKED" else ""
            self._bar.set_description_str(f"job {self._job_id} {status}{hint}", refresh=False)
            self._bar.n = int(status == "PROCESSED")
        if not self._bar.sparse or status not in (None, self._shown):
            self._bar.refresh()
        self._shown = status or self._shown


class CountBar:
    """Shows how many of several jobs are over, and how they ended."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def show(self, statuses: dict[str, JobStatus | str]) -> None:
        """Show the statuses that are known so far, by job id; without any, the time goes on."""
        if not statuses:
            if not self._bar.sparse:
                self._bar.refresh()
            return
        ended = [status for status in statuses.values() if getattr(status, "is_over", False)]
        failed = sum(status != "PROCESSED" for status in ended)
        moved = self._bar.n != len(ended)
        self._bar.n = len(ended)
        self._bar.set_postfix_str(f"done {len(ended) - failed}, failed {failed}", refresh=False)
        if moved or not self._bar.sparse:
            self._bar.refresh()


@contextmanager
def jobs_bar(job_ids: list[str], *, progress: bool = True) -> Iterator[StageBar | CountBar]:
    """Open the bar for waiting: stage and time for one job, done/failed/total for many.

    Parameters
    ----------
    job_ids : list of str
        The jobs.
    progress : bool
        Whether to show it.
    """
    if len(job_ids) == 1:
        text = f"job {job_ids[0]}"
        with _bar(progress, total=1, desc=text, bar_format=_STAGE) as bar:
            yield StageBar(job_ids[0], bar)
    else:
        with _bar(progress, total=len(job_ids), desc="jobs", unit=" jobs") as bar:
            yield CountBar(bar)


@contextmanager
def _bar(progress: bool, **options: Any) -> Iterator[Any]:
    if not progress:
        yield _Silent()
        return
    from tqdm.asyncio import tqdm as plain
    from tqdm.auto import tqdm

    sparse = tqdm is plain and not sys.stderr.isatty()  # a log: few lines, not an animation
    if sparse:
        options["mininterval"] = _SPARSE_SECONDS
    bar: Any = tqdm(dynamic_ncols=True, **options)
    with bar:
        bar.sparse = sparse
        yield bar


class _Silent:
    """Stands in for a bar that is not shown."""

    n = 0
    total: int | None = None
    leave = False
    sparse = True

    def update(self, _n: float = 1) -> None: ...

    def reset(self) -> None: ...

    def refresh(self) -> None: ...

    def set_description_str(self, _text: str, refresh: bool = True) -> None: ...

    def set_postfix_str(self, _text: str, refresh: bool = True) -> None: ...


def sleep_with(bar: StageBar | CountBar, seconds: float, *, tick: float = 0.5) -> None:
    """Sleep, but let the bar's time go on.

    Parameters
    ----------
    bar : StageBar or CountBar
        The bar.
    seconds : float
        How long.
    tick : float
        Seconds between two refreshes.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(tick, left))
        bar.show({})
