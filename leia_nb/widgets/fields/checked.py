"""Fields whose rules are those of the client: addresses, headers, short names."""

from __future__ import annotations

from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.resources import checks
from leia_nb.widgets.fields.params import JsonField
from leia_nb.widgets.fields.simple import TextField


class AddressField(TextField):
    """A whole http(s) address; empty = None."""

    def check(self) -> str | None:
        """Say that it is no address."""
        try:
            checks.web_address(self.name, self.value)
        except InvalidInput as error:
            return str(error)
        return super().check()


class HeadersField(JsonField):
    """HTTP headers, as a JSON object of texts; empty = None."""

    def _check_object(self, value: dict[str, Any]) -> str | None:
        """Say that a header cannot be sent, or is no text on one line."""
        try:
            checks.headers(self.name, value)
        except InvalidInput as error:
            return str(error)
        return None


class ShortNameField(TextField):
    """A model's short name; empty = None."""

    def check(self) -> str | None:
        """Say that it has a wrong form."""
        try:
            checks.short_name(self.value)
        except InvalidInput as error:
            return str(error)
        return super().check()
