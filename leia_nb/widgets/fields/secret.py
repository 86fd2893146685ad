"""Fields whose values may contain secrets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import redaction
from leia_nb.widgets.common.redaction import HIDDEN, Path, Secrets
from leia_nb.widgets.fields.base import Field, error_of
from leia_nb.widgets.fields.simple import TextField


class SecretField(Field, ABC):
    """A text that may contain secrets, which are hidden as soon as they are detected.

    Subclasses define `replaced`.
    """

    def __init__(self, *args: Any, **about: Any) -> None:
        self._secrets: Secrets = {}
        super().__init__(*args, **about)
        self.control.continuous_update = False  # a secret is hidden once it is complete

    def _observe(self) -> None:
        self.control.observe(lambda _change: self._hide(), names="value")
        super()._observe()  # callbacks come after the secrets are hidden

    @abstractmethod
    def replaced(self, text: str, change: redaction.Change) -> str:
        """Return the text with each secret replaced by what `change` returns for it."""

    @property
    def secrets(self) -> Secrets:
        """The secrets by their position."""
        return dict(self._secrets)

    @property
    def environment(self) -> tuple[str, ...]:
        """The environment variables from which the code takes the secrets."""
        return tuple(redaction.variable(self.name, path) for path in self._secrets)

    def hidden(self, text: str) -> str:
        """Keep the secrets of a text; return it without them."""
        secrets: Secrets = {}

        def keep(path: Path, secret: str) -> str:
            known = self._secrets.get(path) if secret == HIDDEN else secret
            if known is not None:
                secrets[path] = known
            return HIDDEN

        masked = self.replaced(text, keep)
        self._secrets = secrets
        return masked

    def reveal(self, path: Path, secret: str) -> str:
        """Return the secret at a position."""
        return self._secrets.get(path, secret)

    def fill(self, value: Any) -> None:
        """Fill in a text; its secrets are not shown."""
        super().fill(self.hidden(value) if isinstance(value, str) else value)

    def _hide(self) -> None:
        masked = self.hidden(self.control.value)
        if masked != self.control.value:
            self.control.value = masked


class UrlField(SecretField, TextField):
    """An HTTP(S) URL; empty = None. A password in it is not shown."""

    @property
    def value(self) -> str | None:
        """The URL with its secrets."""
        return redaction.in_address(super().value or "", self.reveal) or None

    def replaced(self, text: str, change: redaction.Change) -> str:
        """Return the URL with each secret replaced."""
        return redaction.in_address(text, change)

    def literal(self) -> str:
        """Return the URL as Python source; secrets come from the environment."""
        return redaction.address_source(self.name, super().value)

    def check(self) -> str | None:
        """Return a message if the text is not a valid URL."""
        return error_of(validators.web_address, self.name, super().value) or super().check()
