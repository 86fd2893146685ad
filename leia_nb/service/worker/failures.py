"""How an attempt ends in words."""

from __future__ import annotations


class Failure(Exception):
    """Ends an attempt; its text is the reason."""
