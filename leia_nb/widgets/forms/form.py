"""A form: a skin over one public function.

It can be filled, submitted and read without a browser; it shows the code that does
the same; its work runs in a thread, so the kernel stays free.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

import ipywidgets

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.widgets.common import redaction, static_fallback, styles
from leia_nb.widgets.common.actions import as_leia_error
from leia_nb.widgets.common.background import Background
from leia_nb.widgets.fields.base import is_empty
from leia_nb.widgets.forms import form_values
from leia_nb.widgets.forms.form_layout import FormLayout

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.widgets.fields.base import Field


class Form(ipywidgets.VBox):
    """The base of all forms.

    Subclasses name their `title`, `lead` and `verb`, give their fields to `__init__`,
    and define `call` and `source`.

    Parameters
    ----------
    leia : Client
        Where to send to.
    fields : sequence of Field
        What most people need, in order.
    more : sequence of Field
        The rest; shown under "More".

    Attributes
    ----------
    fields : dict of str to Field
        All fields by name.
    result : object
        What came out of the last submission; None before.
    errors : dict of str to str
        Field name to message; the key ``""`` is for the form as a whole.
    """

    title: ClassVar[str]
    lead: ClassVar[str]
    verb: ClassVar[str]
    aliases: ClassVar[Mapping[str, str]] = {}
    """LEIA's name of a parameter to the field's, where they differ."""

    def __init__(self, leia: Client, fields: Sequence[Field], more: Sequence[Field] = ()) -> None:
        self.leia = leia
        self.fields = {field.name: field for field in (*fields, *more)}
        self.errors: dict[str, str] = {}
        self.result: Any = None
        self._lock = threading.RLock()
        self._showing = threading.RLock()
        self._busy = False
        self._done = False
        self._touched = False
        self._presenting: int | None = None  # the thread that does
        self._failure: LeiaError | None = None
        self._to_check: dict[str, Field] = {}
        self._codes = itertools.count(1)
        self._code_shown = 0
        self._following = Background(self._follow_up, "leia: form")
        self._over = threading.Event()
        self._closed = threading.Event()
        self.face = FormLayout(self.title, self.lead, self.verb, fields, more)
        self.outcome = self.face.outcome
        self.submit_button = self.face.submit
        self.again_button = self.face.again
        self.more_button = self.face.more
        self.code_button = self.face.code
        super().__init__(self.face.parts)
        self.add_class("leia-form")
        self._listen()

    def _listen(self) -> None:
        self.submit_button.on_click(lambda _button: self._clicked())
        self.again_button.on_click(lambda _button: self.again())
        self.code_button.observe(lambda _change: self._show_code(), names="value")
        self.face.companion.on_there(self._show_code)
        for field in self.fields.values():
            field.on_change(partial(self._changed, field))

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> Self:
        """Fill fields in by name.

        Parameters
        ----------
        **values
            Parameters of the Python call; None empties a field.

        Returns
        -------
        Self
            The form itself.

        Raises
        ------
        InvalidInput
            If a name is no field of this form, or a field cannot hold the value.
        """
        form_values.fill(self.fields, values, type(self).__name__)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by name, as the Python call takes it; empty fields left out."""
        values = {name: field.value for name, field in self.fields.items()}
        return {name: value for name, value in values.items() if not is_empty(value)}

    @property
    def code(self) -> str:
        """The Python program that does the same, ready to paste, without any secret.

        While something is missing, a comment says what, and ``...`` stands for it.
        """
        missing = [name for name, field in self.fields.items() if field.missing]
        note = f"# still missing: {', '.join(missing)}\n" if missing else ""
        secrets = [name for field in self.fields.values() for name in field.environment]
        begin = "import os\n\nimport leia_nb" if secrets else "import leia_nb"
        note += f"# secrets, from the environment: {', '.join(secrets)}\n" if secrets else ""
        return f"{begin}\n\nleia = {self.leia.connect_code}\n{note}{self.source()}"

    def check(self) -> dict[str, str]:
        """Check what can be checked before sending; show and return the messages."""
        found = {name: field.check() for name, field in self.fields.items()}
        errors = {name: styles.cut(message) for name, message in found.items() if message}
        errors = self.check_together() | errors
        with self._lock:
            self.errors = errors
        self._show_errors()
        return errors

    def submit(self, *, wait: bool = False) -> Any:
        """Check, then send in the background.

        What has been sent successfully is not sent again before a field changes or
        `again` is called.

        Parameters
        ----------
        wait : bool
            Whether to wait for the end (of the job too) and return the result.

        Returns
        -------
        object
            The result if `wait`, else None; it appears in the form and as `result`.

        Raises
        ------
        InvalidInput
            If a field is wrong; nothing is sent. It lists every message, as `errors` does.
        LeiaError
            If `wait` and LEIA refuses or the job fails.
        """
        with self._lock:
            if not (self._busy or self._done):
                self._must_be_right()
                self._begin()
        return self._wait() if wait else None

    def again(self) -> Self:
        """Make the form ready to send once more what is filled in."""
        with self._lock:
            if not self._busy:
                self._ready()
        return self

    def close(self) -> None:
        """Take the form off the screen and end what it does; a job of its own goes on."""
        if hasattr(self, "face"):  # else it was never whole: ipywidgets closes what it collects
            self._closed.set()
            for field in self.fields.values():
                field.close()
            self.face.close()
            self.layout.close()
        super().close()

    # -- for subclasses ----------------------------------------------------------

    def check_together(self) -> dict[str, str]:
        """Return messages about fields that do not fit together, by field name."""
        return {}

    def call(self, values: dict[str, Any]) -> Any:
        """Do the work with the form's values and return the result; runs in a thread."""
        raise NotImplementedError

    def source(self) -> str:
        """Return the lines of `code` after the connection."""
        raise NotImplementedError

    def literal(self, name: str) -> str:
        """Return a field's value as Python source; ``...`` if it is still missing."""
        field = self.fields[name]
        return "..." if field.missing else field.literal()

    @contextmanager
    def presenting(self) -> Iterator[None]:
        """Fill fields with what LEIA says; that is no change to be sent."""
        self._presenting = threading.get_ident()
        try:
            yield
        finally:
            self._presenting = None

    # -- the work ----------------------------------------------------------------

    def _must_be_right(self) -> None:
        if self._closed.is_set():
            raise InvalidInput(f"This {type(self).__name__} is closed. Open a new one.")
        if wrong := self.check():
            raise form_values.together(wrong)

    def _begin(self) -> None:
        self._busy, self._touched, self._failure = True, False, None
        self.result = None
        self._over.clear()
        self.submit_button.disabled = True
        self.outcome.begin()
        work = threading.Thread(
            target=self._work, args=(self.values,), name=f"leia: {self.verb}", daemon=True
        )
        work.start()

    def _work(self, values: dict[str, Any]) -> None:
        try:
            self.result = self.call(values)
            self.outcome.show(self.result)
        except Exception as error:  # a form must show whatever goes wrong, in words
            self._failed(as_leia_error(error))
        finally:
            self._ended()

    def _failed(self, error: LeiaError) -> None:
        self._failure = error
        error.field = self.aliases.get(error.field or "", error.field)
        field = error.field if error.field in self.fields else ""
        self.errors = {field or "": self._without_secrets(str(error))}
        self.outcome.fail("")
        self._show_errors()

    def _without_secrets(self, message: str) -> str:
        for field in self.fields.values():
            for secret in field.secrets.values():
                message = message.replace(secret, redaction.HIDDEN)
        return styles.cut(message)

    def _ended(self) -> None:
        with self._lock:
            self._busy = False
            self._done = self._failure is None
            if self._touched:
                self._ready()
            else:
                self.face.offer_again("Again" if self._done else "Try again")
            self._over.set()

    def _ready(self) -> None:
        self._done = False
        self.submit_button.disabled = False
        self.face.offer_again(None)

    def _wait(self) -> Any:
        self._over.wait()
        if not self._closed.is_set():
            self.face.tell_again()
        if self._failure is not None:
            raise self._failure
        return self.result

    # -- what people do ----------------------------------------------------------

    def _clicked(self) -> None:
        with self._lock:
            if self.submit_button.disabled:
                return  # the second of two clicks
            self.submit_button.disabled = True
        if self.face.companion.there:
            threading.Thread(target=self._submit_settled, daemon=True).start()
        else:
            self._submit_settled()

    def _submit_settled(self) -> None:
        """Submit once all that was typed has come from the browser."""
        try:
            self.face.companion.settle(self, self.outcome.tell)
            self._settled()
            self.submit()
        except InvalidInput:  # the messages are in the form
            self.submit_button.disabled = False
        except Exception as error:  # as in `_work`
            self.submit_button.disabled = False
            self._failed(as_leia_error(error))

    def _settled(self) -> None:
        """Do what is to be done between the click and the submission: nothing by itself."""

    def _changed(self, field: Field) -> None:
        with self._lock:
            if self._presenting != threading.get_ident():
                self._touched = True
                if not self._busy:
                    self._ready()
            self._to_check[field.name] = field
        if self.face.companion.there:
            self._following.want()  # what LEIA has to be asked for may take long
        else:
            self._follow_up()

    def _follow_up(self) -> None:
        """Renew what depends on the fields: their messages and the code."""
        with self._lock:
            fields, self._to_check = list(self._to_check.values()), {}
        for field in fields if self.errors else ():
            self._check_again(field)
        if not self._closed.is_set():
            self._show_code()

    def _check_again(self, field: Field) -> None:
        """Renew the messages about one field, and about fields that do not fit together."""
        message = field.check() or self.check_together().get(field.name)
        with self._lock:
            errors = {name: t for name, t in self.errors.items() if name not in ("", field.name)}
            self.errors = errors | ({field.name: message} if message else {})
        self._show_errors()

    def _show_code(self) -> None:
        """Show the code, unless a thread that began later has shown it meanwhile."""
        number = next(self._codes)
        code = self.code
        with self._showing:
            if number > self._code_shown:
                self._code_shown = number
                self.face.show_code(code)

    def _show_errors(self) -> None:
        with self._showing:
            errors = self.errors
            for name, field in self.fields.items():
                field.say(errors.get(name))
            self.outcome.say(errors.get("", ""))
            self.face.unfold(errors)

    # -- where there is no browser ------------------------------------------------

    def __repr__(self) -> str:
        return static_fallback.text(type(self).__name__, self.title)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        return static_fallback.bundle(type(self).__name__, self.title, self.model_id)

    def _ipython_display_(self) -> None:
        static_fallback.show(type(self).__name__, self.title, self.model_id)
