"""The form that applies a model to documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.enums import FormatType
from leia_nb.errors import InvalidInput
from leia_nb.widgets.fields.documents import DocumentsField
from leia_nb.widgets.fields.model import ModelField
from leia_nb.widgets.fields.params import PageRangeField
from leia_nb.widgets.fields.simple import ChoiceField, TextField, YesNoField
from leia_nb.widgets.job_form import JobForm, after_field, owner_field, passed_on_fields, whose

if TYPE_CHECKING:
    from leia_nb.toolkit import Leia

_AS_IT_IS = "as the model gives it"


class ApplyForm(JobForm):
    """Apply a model to documents and see what it says of them.

    LEIA operation: `apply_model_async`.

    Parameters
    ----------
    leia : Leia
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
    aliases: ClassVar[dict[str, str]] = {
        "model_id": "model",
        "document_ids": "documents",
        "document_id": "documents",
    }

    def __init__(self, leia: Leia) -> None:
        self._owner = owner_field(
            "For which application to work, by its id; admins only. Empty: the connected one."
        )
        self._choices(leia)
        self._after = after_field(leia)
        self._preselected: str | None = None
        self._format_chosen = self._presetting = False
        super().__init__(
            leia,
            [self._model, self._documents, self._format],
            [
                self._tag,
                self._after,
                self._pages,
                self._block,
                *passed_on_fields(),
                self._owner,
            ],
        )
        self._connect()

    def _choices(self, leia: Leia) -> None:
        def of_owner() -> Any:
            return whose(self._owner)

        self._model = ModelField(
            "model",
            leia,
            whose=of_owner,
            label="Model",
            tooltip="The model to apply: its name, short name or id.",
            required=True,
        )
        self._documents = DocumentsField(
            "documents",
            leia,
            whose=of_owner,
            label="Documents",
            tooltip="What the model reads: by tag, chosen from a list, or dropped files.",
            required=True,
        )
        self._format = ChoiceField(
            "format_type",
            [("classification", FormatType.CLASSIFICATION.value)],
            empty=_AS_IT_IS,
            label="Format type",
            tooltip="The form of the result; classification is category, score and accuracy.",
        )
        self._tag = TextField(
            "tag",
            label="Tag",
            tooltip="Read, instead of the one document, those made from it that carry this tag.",
        )
        self._pages = PageRangeField(
            "page_range",
            label="Page range",
            tooltip="Which pages of the job in Execute after to read, counted from 0. Empty: all.",
        )
        self._block = YesNoField(
            "block_processing",
            empty="no",
            label="Block processing",
            tooltip="Hold the job until it is started with its Start button.",
        )

    def _connect(self) -> None:
        self._model.on_known(self._preselect)
        self._format.on_change(self._format_changed)
        self._after.on_known(lambda: self._pages.set_total(self._after.pages))
        self._owner.on_change(self._refresh)

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> ApplyForm:
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
                "wait for. Submit without wait, then form.job.start().",
                field="block_processing",
            )
        return super().submit(wait=wait)

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
        if self._pages.value and not self._after.value:
            return (
                "Page range picks pages out of another job's results. Choose that job in Execute "
                "after, or leave Page range empty."
            )
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
            f"Set Format type to {_AS_IT_IS!r}."
        )

    # -- what follows from what ----------------------------------------------------

    def _preselect(self) -> None:
        """Ask classifiers for classifications, unless a person has chosen otherwise."""
        model = self._model.chosen
        handle = model.handle if model else None
        if self._format_chosen or handle == self._preselected:
            return
        self._preselected = handle
        self._presetting = True
        self._format.fill("classification" if model and model.is_classifier else None)
        self._presetting = False

    def _format_changed(self) -> None:
        if not self._presetting:
            self._format_chosen = True

    def _refresh(self) -> None:
        for field in (self._model, self._documents):
            field.refresh()
