"""The form that creates a model from a model file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.widgets.fields.file import FileField
from leia_nb.widgets.forms.field_factory import (
    ACCESS,
    REQUIREMENTS,
    make_field,
    make_fields,
)
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.job_form import call_source

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.records.records import Model


class CreateForm(Form):
    """Create a model from a model file, and show it.

    LEIA operation: `create_model` (admin).

    Parameters
    ----------
    leia : Client
        The client that creates the model.

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
    lead = "Create a model from a model file, which leia.models.download or packaging.pack writes."
    verb = "Create"

    def __init__(self, leia: Client) -> None:
        kind = "a model file: a model file is a zip and starts with PK"
        self._file = make_field(FileField, "file", begins=b"PK", kind=kind)
        super().__init__(
            leia,
            [self._file, *make_fields("name", "short_name", "tags", form="create")],
            make_fields(*ACCESS, *REQUIREMENTS, "application_id", form="create"),
        )

    def call(self, values: dict[str, Any]) -> Model:
        """Send the file, then delete it here if it came from the browser."""
        path = values.pop("file")
        with ReportingFile(path, self.result_panel.show_upload) as file:
            model = self.leia.models.create(file, **values, progress=False)
        self._file.sent(path)
        return model

    def source(self) -> str:
        """Return the call that creates the same model."""
        arguments = [self.literal("file"), self.literal("name")]
        arguments += self.keywords(("file", "name"))
        call = f"model = {call_source('leia.models.create', arguments)}\nmodel"
        if not self._file.came_from_browser:
            return call
        return (
            f"# {self._file.shown_name} came from the browser: copy it to where the kernel runs.\n"
            f"{call}"
        )


class ReportingFile(io.FileIO):
    """A file that reports, as it is read, how many of its bytes have been read."""

    def __init__(self, path: Path, report: Callable[[int, int], object]) -> None:
        super().__init__(path, "rb")
        self._report = report
        self._size = path.stat().st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next block."""
        block = super().read(-1 if size is None else size) or b""
        self._report(self.tell(), self._size)
        return block
