"""The base of the ways to choose documents: by tag, from a list, by dropping files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from leia_nb.widgets.fields.list_scope import ListScope

if TYPE_CHECKING:
    from leia_nb.client import Client


class DocumentSource(ABC):
    """Documents of `leia`, within the scope that `list_scope` returns as keywords of `list`."""

    def __init__(self, leia: Client, list_scope: ListScope) -> None:
        self._leia = leia
        self._list_scope = list_scope
        self._on_update: Callable[[], None] = lambda: None

    def on_update(self, callback: Callable[[], None]) -> None:
        """Call back whenever something was read or uploaded."""
        self._on_update = callback

    @property
    @abstractmethod
    def ids(self) -> tuple[str, ...]:
        """The documents' ids, in order."""

    def check(self) -> str | None:
        """Return why the documents cannot be used; by default they can."""
        return None

    @abstractmethod
    def summary(self) -> str | None:
        """Return the number of documents for a hint."""
