"""A form: a skin over one public function.

It can be filled, submitted and read without a browser; it shows the code that does
the same; its work runs in a thread, so the kernel stays free.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.widgets import look
from leia_nb.widgets.outcome import Outcome

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
    result : object
        What came out of the last submission; None before.
    errors : dict of str to str
        Field name to message; the key ``""`` is for the form as a whole.
    """

    title: ClassVar[str]
    lead: ClassVar[str]
    verb: ClassVar[str]

    def __init__(self, leia: Client, fields: Sequence[Field], more: Sequence[Field] = ()) -> None:
        self.leia = leia
        self.fields = {field.name: field for field in (*fields, *more)}
        self.errors: dict[str, str] = {}
        self.result: Any = None
        self._lock = threading.Lock()
        self._sent = False
        self._over = threading.Event()
        self._failure: LeiaError | None = None
        self.outcome = Outcome()
        self.submit_button = ipywidgets.Button(description=self.verb, button_style="primary")
        self.again_button = ipywidgets.Button(description="Again", tooltip="Fill in and send again")
        self.code_button = ipywidgets.ToggleButton(
            description="Show code", tooltip="The Python call that does the same"
        )
        super().__init__(self._layout(fields, more))
        self.add_class("leia-form")
        self._listen()

    def _layout(self, fields: Sequence[Field], more: Sequence[Field]) -> list[ipywidgets.Widget]:
        self._more = ipywidgets.VBox(
            [field.row for field in more], layout=ipywidgets.Layout(display="none")
        )
        self.more_button = ipywidgets.ToggleButton(
            description="More", tooltip="Show the fields that are rarely needed"
        )
        if not more:
            self.more_button.layout.display = "none"
        self.again_button.layout.display = "none"
        self._code = ipywidgets.HTML(layout=ipywidgets.Layout(display="none"))
        buttons = [self.submit_button, self.again_button, self.more_button, self.code_button]
        return [
            look.style(),
            ipywidgets.HTML(look.text(self.title, "title") + look.text(self.lead, "lead")),
            *(field.row for field in fields),
            self._more,
            ipywidgets.HBox(buttons),
            self._code,
            self.outcome,
        ]

    def _listen(self) -> None:
        self.submit_button.on_click(lambda _button: self._clicked())
        self.again_button.on_click(lambda _button: self._again())
        self.more_button.observe(lambda change: self._toggle(self._more, change["new"]), "value")
        self.code_button.observe(lambda change: self._toggle_code(change["new"]), "value")
        for field in self.fields.values():
            field.on_change(self._changed)

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> Form:
        """Fill fields in by name.

        Parameters
        ----------
        **values
            Parameters of the Python call; None empties a field.

        Returns
        -------
        Form
            The form itself.

        Raises
        ------
        InvalidInput
            If a name is no field of this form.
        """
        unknown = [name for name in values if name not in self.fields]
        if unknown:
            raise InvalidInput(
                f"{type(self).__name__} has no field {unknown[0]!r}. "
                f"Its fields: {', '.join(self.fields)}.",
                field=unknown[0],
            )
        for name, value in values.items():
            self.fields[name].fill(value)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by name, as the Python call takes it; empty fields left out."""
        values = {name: field.value for name, field in self.fields.items()}
        return {name: value for name, value in values.items() if value not in (None, (), [], {})}

    @property
    def code(self) -> str:
        """The Python program that does the same, ready to paste, without any secret."""
        return f"import leia_nb\n\nleia = {self.leia.connect_code}\n{self.source()}"

    def check(self) -> dict[str, str]:
        """Check what can be checked before sending; show and return the messages."""
        found = {name: field.check() for name, field in self.fields.items()}
        self.errors = {name: message for name, message in found.items() if message}
        self.errors |= {n: m for n, m in self.check_together().items() if n not in self.errors}
        self._show_errors()
        return self.errors

    def submit(self, *, wait: bool = False) -> Any:
        """Check, then send in the background.

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
            If a field is wrong; nothing is sent. `errors` has all messages.
        LeiaError
            If `wait` and LEIA refuses or the job fails.
        """
        with self._lock:
            if self._sent:
                return self._wait() if wait else None
            if self.check():
                field, message = next(iter(self.errors.items()))
                raise InvalidInput(message, field=field or None)
            self._begin()
        threading.Thread(target=self._work, name=f"leia-{self.verb}", daemon=True).start()
        return self._wait() if wait else None

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

    # -- the work ----------------------------------------------------------------

    def _begin(self) -> None:
        self._sent = True
        self._failure = None
        self._over.clear()
        self.submit_button.disabled = True
        self.outcome.begin()

    def _work(self) -> None:
        try:
            self.result = self.call(self.values)
            self.outcome.show(self.result)
            self.again_button.layout.display = None
        except LeiaError as error:
            self._failed(error)
        except Exception as error:  # a form must show whatever goes wrong, in words
            self._failed(LeiaError(f"{type(error).__name__}: {error}"))
        finally:
            self._over.set()

    def _failed(self, error: LeiaError) -> None:
        self._failure = error
        field = error.field if error.field in self.fields else ""
        self.errors = {field or "": str(error)}
        self._show_errors()
        self.outcome.fail("" if field else str(error))
        self._again()

    def _wait(self) -> Any:
        self._over.wait()
        if self._failure is not None:
            raise self._failure
        return self.result

    def _again(self) -> None:
        self._sent = False
        self.submit_button.disabled = False
        self.again_button.layout.display = "none"

    # -- clicks ------------------------------------------------------------------

    def _clicked(self) -> None:
        try:
            self.submit()
        except InvalidInput:
            return  # the messages stand next to the fields

    def _changed(self) -> None:
        if self.code_button.value:
            self._code.value = look.code(self.code)
        if self.errors and not self._sent:
            self.check()

    def _toggle(self, area: ipywidgets.Widget, shown: bool) -> None:
        area.layout.display = None if shown else "none"

    def _toggle_code(self, shown: bool) -> None:
        self._code.value = look.code(self.code) if shown else ""
        self._toggle(self._code, shown)

    def _show_errors(self) -> None:
        for name, field in self.fields.items():
            field.say(self.errors.get(name))
        if any(field in self.errors for field in self._more_names()):
            self.more_button.value = True

    def _more_names(self) -> list[str]:
        rows = set(self._more.children)
        return [name for name, field in self.fields.items() if field.row in rows]

    def __repr__(self) -> str:
        return f"{type(self).__name__}: open this notebook in JupyterLab and run the cell to use it."
