"""The form that creates a model from a model file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.widgets.fields.file import FileField
from leia_nb.widgets.fields.simple import TextField, WordsField
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.job_form import call_text
from leia_nb.widgets.forms.model_fields import keeping_fields, needs_fields, short_name_field

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.records.records import Model


class CreateForm(Form):
    """Create a model from a model file, and see its card.

    LEIA operation: `create_model` (admin).

    Parameters
    ----------
    leia : Client
        Where to create it.

    Examples
    --------
    >>> path = leia.models.download("digits-v1", tmp_path / "digits.zip", progress=False)
    >>> form = CreateForm(leia).fill(file=path, name="A copy")
    >>> model = form.submit(wait=True)
    >>> model.name
    'A copy'
    >>> leia.models.delete(model)
    """

    title = "Create a model"
    lead = "A model file becomes a model: one that leia.models.download or packaging.pack wrote."
    verb = "Create"

    def __init__(self, leia: Client) -> None:
        self._file = FileField(
            "file",
            begins=b"PK",
            kind="a model file: a model file is a zip and starts with PK",
            label="Model file",
            tooltip="The zip that holds the model: choose it here, or write its path.",
            required=True,
        )
        name = TextField("name", label="Name", tooltip="What people call the model.", required=True)
        tags = WordsField("tags", label="Tags", tooltip="Words to find it by. Empty: none.")
        owner = TextField(
            "application_id",
            placeholder="this application",
            label="Application id",
            tooltip="To which application it is to belong. Empty: the connected one.",
        )
        super().__init__(
            leia,
            [self._file, name, short_name_field(), tags],
            [*keeping_fields(), *needs_fields(), owner],
        )

    def call(self, values: dict[str, Any]) -> Model:
        """Send the file, and forget it here if it came from the browser."""
        path = values.pop("file")
        with Counted(path, self.outcome.portion) as file:
            model = self.leia.models.create(file, **values, progress=False)
        self._file.sent(path)
        return model

    def source(self) -> str:
        """Return the call that creates the same model."""
        parts = [self.literal("file"), self.literal("name")]
        parts += [
            f"{name}={self.literal(name)}" for name in self.values if name not in ("file", "name")
        ]
        call = f"model = {call_text('leia.models.create', parts)}\nmodel"
        if not self._file.came_from_browser:
            return call
        return (
            f"# {self._file.shown_name} came from the browser: put it where the kernel runs.\n"
            f"{call}"
        )


class Counted(io.FileIO):
    """A file that tells how far it has been read.

    Parameters
    ----------
    path : path
        The file.
    tell : callable
        Called with the bytes read and the bytes in all.
    """

    def __init__(self, path: Path, tell: Callable[[int, int], object]) -> None:
        super().__init__(path, "rb")
        self._told = tell
        self._size = path.stat().st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next block."""
        block = super().read(-1 if size is None else size) or b""
        self._told(self.tell(), self._size)
        return block
