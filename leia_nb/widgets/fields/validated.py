"""Fields whose rules are those of the client: addresses, headers, short names."""

from __future__ import annotations

from typing import Any

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import redaction, shared_layouts
from leia_nb.widgets.fields.json_object import JsonField
from leia_nb.widgets.fields.secret import SecretField
from leia_nb.widgets.fields.simple import TextField


class AddressField(SecretField):
    """A whole http(s) address; empty = None. A password in it is not shown."""

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        super().__init__(
            name,
            ipywidgets.Text(placeholder=placeholder, layout=shared_layouts.layout(width="auto")),
            **about,
        )

    @property
    def value(self) -> str | None:
        """The address, with all that is in it."""
        return redaction.in_address(super().value or "", self.reveal) or None

    def replaced(self, text: str, change: redaction.Change) -> str:
        """Return the address with each secret replaced."""
        return redaction.in_address(text, change)

    def literal(self) -> str:
        """Return the address as Python source; secrets come from the environment."""
        return redaction.address_source(self.name, super().value)

    def check(self) -> str | None:
        """Say that it is no address."""
        try:
            validators.web_address(self.name, super().value)
        except InvalidInput as error:
            return str(error)
        return super().check()


class HeadersField(JsonField):
    """HTTP headers, as a JSON object of texts; empty = None."""

    def _check_object(self, value: dict[str, Any]) -> str | None:
        """Say that a header cannot be sent, or is no text on one line."""
        try:
            validators.headers(self.name, value)
        except InvalidInput as error:
            return str(error)
        return None


class ShortNameField(TextField):
    """A model's short name; empty = None."""

    def check(self) -> str | None:
        """Say that it has a wrong form."""
        try:
            validators.short_name(self.value)
        except InvalidInput as error:
            return str(error)
        return super().check()
