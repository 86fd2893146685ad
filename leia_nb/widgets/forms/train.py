"""The form that trains a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leia_nb.widgets.fields.documents_tag import DocumentsTagField
from leia_nb.widgets.fields.job import JobField
from leia_nb.widgets.fields.module import ModuleField
from leia_nb.widgets.forms.field_factory import (
    ACCESS,
    CALLBACK,
    application_field,
    make_field,
    make_fields,
)
from leia_nb.widgets.forms.job_form import JobForm, listing_scope
from leia_nb.widgets.forms.model_params import ModelParamsField

if TYPE_CHECKING:
    from leia_nb.client import Client


class TrainForm(JobForm):
    """Train a model on the documents with a tag, and show the new model.

    LEIA operation: `train_model_async`.

    Parameters
    ----------
    leia : Client
        The client that lists the documents and submits the job.

    Examples
    --------
    >>> form = TrainForm(leia).fill(
    ...     model_module="image_classifier", documents_tag="digits-train", model_name="Digits"
    ... )
    >>> model = form.submit(wait=True)
    >>> model.name
    'Digits'
    >>> leia.models.delete(model)
    """

    title = "Train a model"
    lead = "Train a model on the documents with a tag and their annotations."
    verb = "Train"
    method = "train"
    positional = ("model_module", "documents_tag")

    def __init__(self, leia: Client) -> None:
        application = application_field("train")
        module = make_field(ModuleField, "model_module", leia)
        self._documents_tag = make_field(
            DocumentsTagField, "documents_tag", leia, list_scope=lambda: listing_scope(application)
        )
        self._model_params = ModelParamsField(leia, "training_parameters", lambda: module.value)
        super().__init__(
            leia,
            [
                module,
                self._documents_tag,
                *make_fields("model_name", "short_name", "tags", form="train"),
            ],
            [
                *make_fields(*ACCESS),
                make_field(JobField, "execute_after_id", leia),
                self._model_params,
                *make_fields(*CALLBACK),
                application,
            ],
        )
        module.on_change(self._model_params.refresh)
        application.on_change(self._documents_tag.refresh)

    def check_combination(self) -> dict[str, str]:
        """Reject a tag without documents, unless an earlier job may create them."""
        tag = self._documents_tag.value
        if self._documents_tag.empty and not self.fields["execute_after_id"].value:
            return {
                "documents_tag": f"No document has the tag {tag!r}. Upload documents with it, or "
                "enter another tag."
            }
        return {}
