"""The dispatcher: gives jobs to workers and commits what they answer."""

from __future__ import annotations

from leia_nb.service.dispatch.dispatcher import Dispatcher, Trace

__all__ = ["Dispatcher", "Trace"]
