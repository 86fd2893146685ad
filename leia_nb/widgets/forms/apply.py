"""The form that applies a model to documents."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import ipywidgets

from leia_nb.api import page_range
from leia_nb.enums import FormatType, JobStatus
from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.widgets.common import styles
from leia_nb.widgets.common.background import in_thread
from leia_nb.widgets.fields.documents import DocumentsField
from leia_nb.widgets.fields.job import JobField
from leia_nb.widgets.fields.json_object import PageRangeField
from leia_nb.widgets.fields.model import ModelField
from leia_nb.widgets.fields.simple import ChoiceField
from leia_nb.widgets.forms.field_factory import (
    CALLBACK,
    application_field,
    make_field,
    make_fields,
)
from leia_nb.widgets.forms.job_form import JobForm, listing_scope
from leia_nb.widgets.forms.model_params import ModelParamsField

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.resources.job.handle import Job

_POLL = 0.05  # seconds
_MODEL_FORMAT = "as the model gives it"


class ApplyForm(JobForm):
    """Apply a model to documents and show the result.

    LEIA operation: `apply_model_async`.

    Parameters
    ----------
    leia : Client
        The client that lists the models and documents and submits the job.

    Examples
    --------
    >>> form = ApplyForm(leia).fill(model="digits-v1", documents="digits-test")
    >>> form.submit(wait=True).columns.tolist()
    ['category', 'score', 'accuracy']
    """

    title = "Apply a model"
    lead = "Apply a model to documents: classify them, or extract values or images."
    verb = "Apply"
    method = "apply"
    positional = ("model", "documents")
    aliases: ClassVar[Mapping[str, str]] = {
        "model_id": "model",
        "document_ids": "documents",
        "document_id": "documents",
    }

    def __init__(self, leia: Client) -> None:
        self._application = application_field("apply")
        scope = self._listing_scope
        self._model = make_field(ModelField, "model", leia, list_scope=scope)
        self._documents = make_field(DocumentsField, "documents", leia, list_scope=scope)
        choices = [("classification", FormatType.CLASSIFICATION.value)]
        self._format = make_field(ChoiceField, "format_type", choices, empty=_MODEL_FORMAT)
        self._pages = make_field(PageRangeField, "page_range")
        self._previous_job = make_field(JobField, "execute_after_id", leia)
        self._model_params = ModelParamsField(leia, "apply_parameters", self._module_of_model)
        self._preselected: str | None = None
        self._format_chosen = False
        self._preselecting_thread: int | None = None
        super().__init__(
            leia,
            [self._model, self._documents, self._format],
            [
                *make_fields("tag", form="apply"),
                self._previous_job,
                self._pages,
                *make_fields("block_processing", "save_result", "priority"),
                self._model_params,
                *make_fields(*CALLBACK),
                self._application,
            ],
        )
        self._add_start_button()
        self._model.on_known(self._model_known)
        self._format.on_change(self._format_changed)
        self._previous_job.on_known(lambda: self._pages.set_total(self._previous_job.pages))
        self._application.on_change(self._refresh_lists)

    def _add_start_button(self) -> None:
        self.start_button = ipywidgets.Button(
            description="Start job", tooltip="Start the blocked job", button_style="primary"
        )
        self.start_button.on_click(lambda _button: in_thread(self._start, name="leia: start job"))
        styles.show(self.start_button, False)
        parts = self.form_layout.parts
        parts.insert(parts.index(self.result_panel), self.start_button)
        self.children = parts

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> Self:
        """Fill in fields by name; see `Form.fill`.

        `documents` takes ids, records, a listing, or a tag; `format_type` is preset to
        classification if the model is a classifier, unless you fill it in.
        """
        super().fill(**values)
        if "format_type" in values:
            self._format_chosen = True
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The values by name, as the Python call takes them, without empty fields."""
        self._preselect_format()
        return super().values

    def submit(self, *, wait: bool = False) -> Any:
        """Check, then submit in the background; see `Form.submit`.

        Raises
        ------
        InvalidInput
            Also if `wait` is used with block_processing, as the job would never start.
        """
        if wait and self.fields["block_processing"].value:
            raise InvalidInput(
                "A job with block_processing does not start by itself, so wait=True would never "
                "return. Call form.submit(), then form.start().",
                field="block_processing",
            )
        return super().submit(wait=wait)

    def start(self) -> None:
        """Start the job that was submitted with ``block_processing=True``.

        LEIA operation: `start_job`.

        Raises
        ------
        InvalidInput
            If no job has been submitted.
        Forbidden
            If the job has finished.
        """
        while self.job is None and self._busy:  # it is being submitted
            self._finished.wait(_POLL)
        if self.job is None:
            raise InvalidInput("No job has been submitted yet. Call form.submit() first.")
        self.job.start()
        styles.show(self.start_button, False)
        self._job_changed.set()

    def call(self, values: dict[str, Any]) -> Any:
        """Submit the job, follow it, and return its result."""
        try:
            return super().call(values)
        finally:
            styles.show(self.start_button, False)

    def source(self) -> str:
        """Return the lines that submit the job, start it if blocked, and fetch its result."""
        lines = super().source()
        if self.fields["block_processing"].value:
            return lines.replace("\njob.", "\njob.start()\njob.")
        return lines

    # -- checks ------------------------------------------------------------------

    def check_combination(self) -> dict[str, str]:
        """Return messages about fields that do not fit together."""
        self._preselect_format()
        messages = {
            "page_range": self._check_pages(),
            "tag": self._check_tag(),
            "format_type": self._check_format(),
        }
        return {name: message for name, message in messages.items() if message}

    def _check_pages(self) -> str | None:
        text, total = self._pages.value, self._previous_job.pages
        if text is None or self._pages.check():
            return None
        if not self._previous_job.value:
            return (
                "Page range selects pages from the result of another job. Choose that job in "
                "Execute after, or leave Page range empty."
            )
        if total is not None and not page_range.select(text, total):
            return (
                f"Page range {text!r} selects none of the job's {total} pages. Use page numbers "
                f"from 0 to {total - 1}."
            )
        return None

    def _check_tag(self) -> str | None:
        count = len(self._documents.value or ())
        if self.fields["tag"].value is None or count == 1:
            return None
        return (
            "Tag selects documents that were made from one document: expected one document, got "
            f"{count}. Choose exactly one in Documents, or leave Tag empty."
        )

    def _check_format(self) -> str | None:
        model = self._model.chosen
        if self._format.value is None or model is None or model.is_classifier:
            return None
        return (
            f"Format type 'classification' needs a classifier, but {model.label} is of type "
            f"{model.model_type}. Set Format type to {_MODEL_FORMAT!r}."
        )

    # -- dependent fields --------------------------------------------------------

    def _listing_scope(self) -> Mapping[str, Any]:
        return listing_scope(self._application)

    def _preselect_format(self) -> None:
        """Choose classification for a classifier, unless a person has made a choice."""
        with self._lock:
            model = self._model.chosen
            handle = model.handle if model else None
            if self._format_chosen or handle == self._preselected:
                return
            self._preselected = handle
            self._preselecting_thread = threading.get_ident()
            self._format.fill("classification" if model and model.is_classifier else None)
            self._preselecting_thread = None

    def _model_known(self) -> None:
        self._preselect_format()
        self._model_params.refresh()

    def _module_of_model(self) -> str | None:
        model = self._model.chosen
        return model.model_module if model else None

    def _format_changed(self) -> None:
        if self._preselecting_thread != threading.get_ident():
            self._format_chosen = True

    def _submitted(self, job: Job) -> None:
        styles.show(self.start_button, job.record.status == JobStatus.BLOCKED)

    def _start(self) -> None:
        try:
            self.start()
        except LeiaError as error:
            self.result_panel.show_error(str(error))

    def _refresh_lists(self) -> None:
        for field in (self._model, self._documents):
            field.refresh()
