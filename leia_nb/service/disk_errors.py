"""Errors of a full disk."""

from __future__ import annotations

import errno

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_full(error: BaseException) -> bool:
    """Return whether an error means that the disk, or the user's quota, is full."""
    return isinstance(error, OSError) and error.errno in _FULL
