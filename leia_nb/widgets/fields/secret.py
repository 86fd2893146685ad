"""What fields have in common whose values may hold secrets."""

from __future__ import annotations

from typing import Any

from leia_nb.widgets.common import redaction
from leia_nb.widgets.common.redaction import HIDDEN, Path, Secrets
from leia_nb.widgets.fields.base import Field


class SecretField(Field):
    """A text that may hold secrets; they are hidden as soon as they are known.

    Subclasses define `replaced`.

    Parameters
    ----------
    *args, **about
        As for `Field`.
    """

    def __init__(self, *args: Any, **about: Any) -> None:
        self._secrets: Secrets = {}
        super().__init__(*args, **about)
        self.control.continuous_update = False  # a secret is hidden when it is whole
        self.control.observe(lambda _change: self._hide(), names="value")

    def replaced(self, text: str, change: redaction.Change) -> str:
        """Return the text with each secret replaced by what `change` makes of it."""
        raise NotImplementedError

    @property
    def secrets(self) -> Secrets:
        """The secrets, by where they stand."""
        return dict(self._secrets)

    @property
    def environment(self) -> tuple[str, ...]:
        """The environment variables that the code takes the secrets from."""
        return tuple(redaction.variable(self.name, path) for path in self._secrets)

    def hidden(self, text: str) -> str:
        """Keep the secrets of a text; return it without them."""
        kept: Secrets = {}

        def keep(path: Path, secret: str) -> str:
            known = self._secrets.get(path) if secret == HIDDEN else secret
            if known is not None:
                kept[path] = known
            return HIDDEN

        masked = self.replaced(text, keep)
        self._secrets = kept
        return masked

    def reveal(self, path: Path, secret: str) -> str:
        """Return the secret that stands at a place."""
        return self._secrets.get(path, secret)

    def fill(self, value: Any) -> None:
        """Put a text in; its secrets are not shown."""
        super().fill(self.hidden(value) if isinstance(value, str) else value)

    def _hide(self) -> None:
        masked = self.hidden(self.control.value)
        if masked != self.control.value:
            self.control.value = masked
