"""The buttons of a view: each does one thing, in a thread, once for a double click."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from leia_nb.errors import LeiaError, NotReady
from leia_nb.widgets.common import shared_layouts

_DOUBLE_CLICK = 0.5

Say = Callable[[str, str], None]


class Actions:
    """What a view can do, one thing at a time.

    Parameters
    ----------
    say : callable
        Shows words; takes them and their kind (``"lead"`` or ``"failed"``).
    settle : callable, optional
        Called before a button's work: waits for what was done before the click.
    """

    def __init__(self, say: Say, settle: Callable[[], None] = lambda: None) -> None:
        self._say = say
        self._settle = settle
        self._clicking = threading.Lock()
        self._busy = threading.Lock()
        self._clicked: dict[str, float] = {}
        self._threads: list[threading.Thread] = []

    def button(
        self, label: str, tooltip: str, work: Callable[[], Any], **look_of_it: Any
    ) -> ipywidgets.Button:
        """Return a button that does some work in a thread.

        Parameters
        ----------
        label, tooltip : str
            What it says.
        work : callable
            The work; what it raises is shown.
        **look_of_it
            More of the button's traits.
        """
        button = ipywidgets.Button(
            description=label,
            tooltip=tooltip,
            layout=shared_layouts.layout(width="auto"),
            **look_of_it,
        )
        button.on_click(lambda _button: self._click(label, work))
        return button

    def run(self, doing: str, work: Callable[[], str]) -> None:
        """Do some work, here and now, and say what came of it.

        Parameters
        ----------
        doing : str
            What to say meanwhile.
        work : callable
            The work; returns what to say afterwards.

        Raises
        ------
        NotReady
            If something else is going on.
        """
        if not self._busy.acquire(blocking=False):
            raise NotReady("The view is still at work. Wait until it is done, then try again.")
        try:
            self._say(f"{doing} …", "lead")
            said = work()
        except BaseException:
            self._say("", "lead")  # whoever called says what went wrong
            raise
        else:
            self._say(said, "lead")
        finally:
            self._busy.release()

    def wait(self) -> None:
        """Wait until what was clicked is done."""
        for thread in list(self._threads):
            thread.join()

    def _click(self, label: str, work: Callable[[], Any]) -> None:
        with self._clicking:
            if self._is_second(label) or self._busy.locked():
                return
            self._clicked[label] = time.monotonic()
            thread = threading.Thread(
                target=self._try, args=(work,), name=f"leia: {label}", daemon=True
            )
            self._threads = [one for one in self._threads if one.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _is_second(self, label: str) -> bool:
        """Whether a click now is the second of two."""
        before = self._clicked.get(label)
        return before is not None and time.monotonic() - before < _DOUBLE_CLICK

    def _try(self, work: Callable[[], Any]) -> None:
        try:
            self._settle()
            work()
        except Exception as error:  # a view must show whatever goes wrong, in words
            self._say(in_words(error), "failed")


def as_leia_error(error: Exception) -> LeiaError:
    """Return an error whose text is what people read of it, whatever was raised."""
    return error if isinstance(error, LeiaError) else LeiaError(f"{type(error).__name__}: {error}")


def in_words(error: Exception) -> str:
    """Return what people read of an error."""
    return str(as_leia_error(error))
