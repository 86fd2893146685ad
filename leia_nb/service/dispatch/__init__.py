"""The dispatcher: gives jobs to workers and commits their results."""

from __future__ import annotations

from leia_nb.service.dispatch.dispatcher import Attempt, Dispatcher

__all__ = ["Attempt", "Dispatcher"]
