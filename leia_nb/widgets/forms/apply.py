"""The form that applies a model to documents."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import ipywidgets

from leia_nb.api import page_range
from leia_nb.enums import JobStatus
from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.widgets.common import styles
from leia_nb.widgets.forms import apply_fields, job_progress
from leia_nb.widgets.forms.job_form import (
    JobForm,
    after_field,
    owner_field,
    passed_on_fields,
    whose,
)
from leia_nb.widgets.forms.model_params import ModelParamsField

_GLANCE = 0.05  # seconds

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.resources.job.handle import Job


class ApplyForm(JobForm):
    """Apply a model to documents and see what it says of them.

    LEIA operation: `apply_model_async`.

    Parameters
    ----------
    leia : Client
        Where the model and the documents are.

    Examples
    --------
    >>> form = ApplyForm(leia).fill(model="digits-v1", documents="digits-test")
    >>> form.submit(wait=True).columns.tolist()
    ['category', 'score', 'accuracy']
    """

    title = "Apply a model"
    lead = "A model reads documents and says what they are, or what is in them."
    verb = "Apply"
    method = "apply"
    positional = ("model", "documents")
    aliases: ClassVar[Mapping[str, str]] = {
        "model_id": "model",
        "document_ids": "documents",
        "document_id": "documents",
    }

    def __init__(self, leia: Client) -> None:
        self._owner = owner_field(
            "For which application to work, by its id; admins only. Empty: the connected one."
        )
        self._model = apply_fields.model(leia, self._whose)
        self._documents = apply_fields.documents(leia, self._whose)
        self._format = apply_fields.format_type()
        self._tag = apply_fields.tag()
        self._pages = apply_fields.page_range()
        self._block = apply_fields.block_processing()
        self._after = after_field(leia)
        self._model_params = ModelParamsField(leia, "apply_parameters", self._model_module)
        self._preselected: str | None = None
        self._format_chosen = False
        self._presetting: int | None = None  # the thread that does
        super().__init__(
            leia,
            [self._model, self._documents, self._format],
            [
                self._tag,
                self._after,
                self._pages,
                self._block,
                apply_fields.save_result(),
                apply_fields.priority(),
                self._model_params,
                *passed_on_fields(),
                self._owner,
            ],
        )
        self._add_start_button()
        self._connect()

    def _add_start_button(self) -> None:
        self.start_button = ipywidgets.Button(
            description="Start job", tooltip="Start the job that is held", button_style="primary"
        )
        self.start_button.on_click(lambda _button: job_progress.in_background(self._start))
        styles.show(self.start_button, False)
        parts = self.face.parts
        parts.insert(parts.index(self.outcome), self.start_button)
        self.children = parts

    def _connect(self) -> None:
        self._model.on_known(self._model_known)
        self._format.on_change(self._format_changed)
        self._after.on_known(lambda: self._pages.set_total(self._after.pages))
        self._owner.on_change(self._refresh)

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> Self:
        """Fill fields in by name; see `Form.fill`.

        `documents` takes ids, records, a listing, or a tag; `format_type` is
        classification by itself when the model is a classifier, unless it is given.
        """
        super().fill(**values)
        if "format_type" in values:
            self._format_chosen = True
        return self

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by name, as the Python call takes it; empty fields left out."""
        self._preselect()
        return super().values

    def submit(self, *, wait: bool = False) -> Any:
        """Check, then send in the background; see `Form.submit`.

        Raises
        ------
        InvalidInput
            Also if `wait` and the job is to be held: it would wait for ever.
        """
        if wait and self._block.value:
            raise InvalidInput(
                "Block processing holds the job until somebody starts it, so there is nothing to "
                "wait for. Submit without wait, then form.start().",
                field="block_processing",
            )
        return super().submit(wait=wait)

    def start(self) -> None:
        """Start the job that was submitted with ``block_processing=True``.

        LEIA operation: `start_job`.

        Raises
        ------
        InvalidInput
            If nothing has been submitted.
        Forbidden
            If the job is over.
        """
        while self.job is None and self._busy:  # it is on its way to LEIA
            self._over.wait(_GLANCE)
        if self.job is None:
            raise InvalidInput("No job has been submitted yet. Call form.submit() first.")
        self.job.start()
        styles.show(self.start_button, False)
        self._woken.set()

    def call(self, values: dict[str, Any]) -> Any:
        """Submit the job, follow it, and return its result."""
        try:
            return super().call(values)
        finally:
            styles.show(self.start_button, False)

    def source(self) -> str:
        """Return the lines that submit the job, start it if it is held, and fetch its result."""
        lines = super().source()
        return lines.replace("\njob.", "\njob.start()\njob.") if self._block.value else lines

    # -- checks ------------------------------------------------------------------

    def check_together(self) -> dict[str, str]:
        """Say which fields do not fit together."""
        self._preselect()
        found = {
            "page_range": self._check_pages(),
            "tag": self._check_tag(),
            "format_type": self._check_format(),
        }
        return {name: message for name, message in found.items() if message}

    def _check_pages(self) -> str | None:
        text, total = self._pages.value, self._after.pages
        if text is None or self._pages.check():
            return None
        if not self._after.value:
            return (
                "Page range picks pages out of another job's results. Choose that job in Execute "
                "after, or leave Page range empty."
            )
        if total is not None and not page_range.select(text, total):
            return f"Page range {text!r} picks no page of the {total} that job has. Change it."
        return None

    def _check_tag(self) -> str | None:
        count = len(self._documents.value or ())
        if self._tag.value is None or count == 1:
            return None
        return (
            f"Tag picks documents made from one document, but {count or 'none'} "
            f"{'are' if count > 1 else 'is'} chosen. Choose exactly one in Documents, or leave "
            "Tag empty."
        )

    def _check_format(self) -> str | None:
        model = self._model.chosen
        if self._format.value is None or model is None or model.is_classifier:
            return None
        return (
            f"{model.label} is no classifier but of type {model.model_type}. "
            f"Set Format type to {apply_fields.AS_IT_IS!r}."
        )

    def _whose(self) -> Mapping[str, Any]:
        return whose(self._owner)

    # -- what follows from what ----------------------------------------------------

    def _preselect(self) -> None:
        """Ask classifiers for classifications, unless a person has chosen otherwise."""
        with self._lock:
            model = self._model.chosen
            handle = model.handle if model else None
            if self._format_chosen or handle == self._preselected:
                return
            self._preselected = handle
            self._presetting = threading.get_ident()
            self._format.fill("classification" if model and model.is_classifier else None)
            self._presetting = None

    def _model_known(self) -> None:
        self._preselect()
        self._model_params.refresh()

    def _model_module(self) -> str | None:
        model = self._model.chosen
        return model.model_module if model else None

    def _format_changed(self) -> None:
        if self._presetting != threading.get_ident():
            self._format_chosen = True

    def _submitted(self, job: Job) -> None:
        styles.show(self.start_button, job.record.status == JobStatus.BLOCKED)

    def _start(self) -> None:
        try:
            self.start()
        except LeiaError as error:
            self.outcome.say(str(error))

    def _refresh(self) -> None:
        for field in (self._model, self._documents):
            field.refresh()
