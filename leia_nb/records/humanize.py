"""Durations, sizes, times and counts in readable form."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def seconds(count: int) -> str:
    """Return a number of seconds, where a negative one means no limit.

    >>> seconds(200), seconds(-1), seconds(0), seconds(86400)
    ('3 min 20 s', 'no limit', '0 s', '1 d')
    """
    if count < 0:
        return "no limit"
    parts = []
    for unit, length in _UNITS:
        whole, count = divmod(count, length)
        if whole:
            parts.append(f"{whole} {unit}")
    return " ".join(parts) or "0 s"


def age(since: datetime, now: datetime | None = None) -> str:
    """Return the time since then, in its two largest units.

    >>> then = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> age(then, datetime(2026, 11, 24, 13, 20, 5, tzinfo=UTC)), age(then, then)
    ('1 d 1 h', '0 s')
    """
    count = max(0, int(((now or datetime.now(UTC)) - since).total_seconds()))
    return " ".join(seconds(count).split()[:4])


def size(count: int) -> str:
    """Return a number of bytes.

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
    """Return a time in UTC, to the second.

    >>> moment(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    '2026-11-23 12:00:00 UTC'
    """
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the singular or plural.

    >>> count(1, "model"), count(2, "model"), count(0, "job")
    ('1 model', '2 models', '0 jobs')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
