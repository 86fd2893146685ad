"""A form: a user interface of one public function.

It can be filled in, submitted and read without a browser; it shows the equivalent code; its
work runs in a thread, so that the kernel is not blocked.
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
from leia_nb.widgets.common import redaction, styles
from leia_nb.widgets.common.actions import as_leia_error
from leia_nb.widgets.common.background import Background, in_thread
from leia_nb.widgets.common.static_fallback import StaticFallback
from leia_nb.widgets.fields.base import is_empty
from leia_nb.widgets.forms import form_values
from leia_nb.widgets.forms.form_layout import FormLayout

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.widgets.fields.base import Field


class Form(StaticFallback, ipywidgets.VBox):
    """The base of all forms.

    Subclasses set `title`, `lead` and `verb`, pass their fields to `__init__`, and define
    `call` and `source`.

    Parameters
    ----------
    leia : Client
        The client that the form uses.
    fields : sequence of Field
        The most important fields, in order.
    more : sequence of Field
        The other fields, shown under "More".

    Attributes
    ----------
    fields : dict of str to Field
        All fields by name.
    result : object
        The result of the last submission; None before.
    errors : dict of str to str
        Messages by field name; the key ``""`` is for the form as a whole.
    """

    lead: ClassVar[str]
    verb: ClassVar[str]
    aliases: ClassVar[Mapping[str, str]] = {}
    """Names of fields by LEIA's names of the parameters, where they differ."""

    def __init__(self, leia: Client, fields: Sequence[Field], more: Sequence[Field] = ()) -> None:
        self.leia = leia
        self.fields = {field.name: field for field in (*fields, *more)}
        self.errors: dict[str, str] = {}
        self.result: Any = None
        self._lock = threading.RLock()
        self._display_lock = threading.RLock()
        self._busy = False
        self._done = False
        self._changed_since_submit = False
        self._loading_thread: int | None = None
        self._failure: LeiaError | None = None
        self._changed_fields: dict[str, Field] = {}
        self._code_numbers = itertools.count(1)
        self._displayed_code = 0
        self._updater = Background(self._update, "leia: form")
        self._finished = threading.Event()
        self._closed = threading.Event()
        self.form_layout = FormLayout(self.title, self.lead, self.verb, fields, more)
        self.result_panel = self.form_layout.result_panel
        self.submit_button = self.form_layout.submit_button
        self.again_button = self.form_layout.again_button
        self.more_button = self.form_layout.more_button
        self.code_button = self.form_layout.code_button
        self._sync = self.form_layout.copy_button
        super().__init__(self.form_layout.parts)
        self.add_class("leia-form")
        self._listen()

    def _listen(self) -> None:
        self.submit_button.on_click(lambda _button: self._clicked())
        self.again_button.on_click(lambda _button: self.again())
        self.code_button.observe(lambda _change: self._show_code(), names="value")
        self._sync.on_connect(self._show_code)
        for field in self.fields.values():
            field.on_change(partial(self._field_changed, field))

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> Self:
        """Fill in fields by name.

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
            If the form has no such field, or a field cannot hold the value.
        """
        form_values.fill(self.fields, values, type(self).__name__)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The values by name, as the Python call takes them, without empty fields."""
        values = {name: field.value for name, field in self.fields.items()}
        return {name: value for name, value in values.items() if not is_empty(value)}

    @property
    def code(self) -> str:
        """The equivalent Python program, ready to paste, without any secret.

        A comment lists required fields that are empty; ``...`` stands for their values.
        """
        missing = [name for name, field in self.fields.items() if field.missing]
        note = f"# still missing: {', '.join(missing)}\n" if missing else ""
        secrets = [name for field in self.fields.values() for name in field.environment]
        begin = "import os\n\nimport leia_nb" if secrets else "import leia_nb"
        note += f"# secrets, from the environment: {', '.join(secrets)}\n" if secrets else ""
        return f"{begin}\n\nleia = {self.leia.connect_code}\n{note}{self.source()}"

    def check(self) -> dict[str, str]:
        """Check what can be checked before sending; show and return the messages."""
        checked = {name: field.check() for name, field in self.fields.items()}
        errors = {name: styles.cut(message) for name, message in checked.items() if message}
        errors = self.check_combination() | errors
        with self._lock:
            self.errors = errors
        self._show_errors()
        return errors

    def submit(self, *, wait: bool = False) -> Any:
        """Check, then submit in the background.

        After a success, nothing is submitted again until a field changes or `again` is called.

        Parameters
        ----------
        wait : bool
            Whether to wait until it has finished, including the job, and return the result.

        Returns
        -------
        object
            The result if `wait`, else None; the form shows it and has it as `result`.

        Raises
        ------
        InvalidInput
            If a field is invalid; nothing is sent. It lists all messages, as `errors` does.
        LeiaError
            If `wait` and LEIA rejects the request or the job fails.
        """
        with self._lock:
            if not (self._busy or self._done):
                self._validate()
                self._begin()
        return self._wait() if wait else None

    def again(self) -> Self:
        """Make the form ready to submit the same values again."""
        with self._lock:
            if not self._busy:
                self._enable_submit()
        return self

    def close(self) -> None:
        """Close the form and stop its background work; its job continues."""
        if hasattr(self, "form_layout"):  # ipywidgets also closes forms whose __init__ failed
            self._closed.set()
            for field in self.fields.values():
                field.close()
            self.form_layout.close()
            self.layout.close()
        super().close()

    # -- for subclasses ----------------------------------------------------------

    def check_combination(self) -> dict[str, str]:
        """Return messages about fields that do not fit together, by field name."""
        return {}

    def call(self, values: dict[str, Any]) -> Any:
        """Submit the values and return the result; runs in a thread."""
        raise NotImplementedError

    def source(self) -> str:
        """Return the lines of `code` after the connection."""
        raise NotImplementedError

    def literal(self, name: str) -> str:
        """Return a field's value as Python source; ``...`` if it is missing."""
        field = self.fields[name]
        return "..." if field.missing else field.literal()

    def keywords(self, without: Sequence[str]) -> list[str]:
        """Return the values as keyword arguments in Python source, `without` these fields."""
        return [f"{name}={self.literal(name)}" for name in self.values if name not in without]

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Fill in values from LEIA, which do not count as changes to submit."""
        self._loading_thread = threading.get_ident()
        try:
            yield
        finally:
            self._loading_thread = None

    # -- the work ----------------------------------------------------------------

    def _validate(self) -> None:
        if self._closed.is_set():
            raise InvalidInput(f"This {type(self).__name__} is closed. Open a new one.")
        if errors := self.check():
            raise form_values.combined_error(errors)

    def _begin(self) -> None:
        self._busy, self._changed_since_submit, self._failure = True, False, None
        self.result = None
        self._finished.clear()
        self.submit_button.disabled = True
        self.result_panel.begin()
        in_thread(self._work, self.values, name=f"leia: {self.verb}")

    def _work(self, values: dict[str, Any]) -> None:
        try:
            self.result = self.call(values)
            self.result_panel.show_result(self.result)
        except Exception as error:  # a form shows every error
            self._show_failure(as_leia_error(error))
        finally:
            self._work_ended()

    def _show_failure(self, error: LeiaError) -> None:
        self._failure = error
        error.field = self.aliases.get(error.field or "", error.field)
        field = error.field if error.field in self.fields else ""
        self.errors = {field or "": self._redacted(str(error))}
        self.result_panel.end_without_result()
        self._show_errors()

    def _redacted(self, message: str) -> str:
        for field in self.fields.values():
            for secret in field.secrets.values():
                message = message.replace(secret, redaction.HIDDEN)
        return styles.cut(message)

    def _work_ended(self) -> None:
        with self._lock:
            self._busy = False
            self._done = self._failure is None
            if self._changed_since_submit:
                self._enable_submit()
            else:
                self.form_layout.show_again_button("Again" if self._done else "Try again")
            self._finished.set()

    def _enable_submit(self) -> None:
        self._done = False
        self.submit_button.disabled = False
        self.form_layout.show_again_button(None)

    def _wait(self) -> Any:
        self._finished.wait()
        if not self._closed.is_set():
            self.form_layout.resend_result()
        if self._failure is not None:
            raise self._failure
        return self.result

    # -- user input ----------------------------------------------------------

    def _clicked(self) -> None:
        with self._lock:
            if self.submit_button.disabled:
                return  # the second click of a double click
            self.submit_button.disabled = True
        if self._sync.connected:
            in_thread(self._submit_clicked, name="leia: click")
        else:
            self._submit_clicked()

    def _submit_clicked(self) -> None:
        """Submit after earlier input has arrived from the browser."""
        try:
            self._sync.wait(self, self.result_panel.show_notice)
            self._before_submit()
            self.submit()
        except InvalidInput:  # the form shows the messages
            self.submit_button.disabled = False
        except Exception as error:  # as in `_work`
            self.submit_button.disabled = False
            self._show_failure(as_leia_error(error))

    def _before_submit(self) -> None:
        """Prepare the submission after a click; a hook for subclasses."""

    def _field_changed(self, field: Field) -> None:
        with self._lock:
            if self._loading_thread != threading.get_ident():
                self._changed_since_submit = True
                if not self._busy:
                    self._enable_submit()
            self._changed_fields[field.name] = field
        if self._sync.connected:
            self._updater.request()  # checks may wait for a response of LEIA
        else:
            self._update()

    def _update(self) -> None:
        """Update what depends on the changed fields: their messages and the code."""
        with self._lock:
            fields, self._changed_fields = list(self._changed_fields.values()), {}
        for field in fields if self.errors else ():
            self._update_errors(field)
        if not self._closed.is_set():
            self._show_code()

    def _update_errors(self, field: Field) -> None:
        message = field.check() or self.check_combination().get(field.name)
        with self._lock:
            errors = {name: t for name, t in self.errors.items() if name not in ("", field.name)}
            self.errors = errors | ({field.name: message} if message else {})
        self._show_errors()

    def _show_code(self) -> None:
        """Show the code, unless a thread that started later has shown its own already."""
        number = next(self._code_numbers)
        code = self.code
        with self._display_lock:
            if number > self._displayed_code:
                self._displayed_code = number
                self.form_layout.set_code(code)

    def _show_errors(self) -> None:
        with self._display_lock:
            errors = self.errors
            for name, field in self.fields.items():
                field.show_message(errors.get(name))
            self.result_panel.show_error(errors.get("", ""))
            self.form_layout.open_more(errors)
