"""Figures as people say them: durations, sizes, times."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def seconds(count: int) -> str:
    """Return a number of seconds in words.

    Parameters
    ----------
    count : int
        Seconds; negative stands for no end.

    Examples
    --------
    >>> seconds(200), seconds(-1), seconds(0), seconds(86400)
    ('3 min 20 s', 'for ever', 'not at all', '1 d')
    """
    if count < 0:
        return "for ever"
    if count == 0:
        return "not at all"
    parts = []
    for unit, length in _UNITS:
        whole, count = divmod(count, length)
        if whole:
            parts.append(f"{whole} {unit}")
    return " ".join(parts)


def age(since: datetime, now: datetime | None = None) -> str:
    """Return how long ago something was, by its two largest units.

    Parameters
    ----------
    since : datetime
        When it was; aware.
    now : datetime, optional
        Default: the present.

    Examples
    --------
    >>> then = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> age(then, datetime(2026, 11, 24, 13, 20, 5, tzinfo=UTC)), age(then, then)
    ('1 d 1 h', '0 s')
    """
    count = max(0, int(((now or datetime.now(UTC)) - since).total_seconds()))
    return " ".join(seconds(count).split()[:4]) if count else "0 s"


def size(count: int) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> size(1), size(999), size(12_345), size(3 * 10**9)
    ('1 byte', '999 bytes', '12.3 kB', '3.0 GB')
    """
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    amount = float(count)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if round(amount, 1) < 1000:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"


def moment(time: datetime) -> str:
    """Return a time to the second, with its zone named: UTC.

    Examples
    --------
    >>> moment(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    '2026-11-23 12:00:00 UTC'
    """
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def count(number: int, thing: str) -> str:
    """Return how many there are of something, in the singular or plural.

    Examples
    --------
    >>> count(1, "model"), count(2, "model"), count(0, "job")
    ('1 model', '2 models', '0 jobs')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"
