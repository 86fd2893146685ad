"""The form that trains a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.documents_tag import DocumentsTagField
from leia_nb.widgets.fields.module import ModuleField
from leia_nb.widgets.fields.simple import TextField, WordsField
from leia_nb.widgets.forms.job_form import (
    JobForm,
    after_field,
    owner_field,
    passed_on_fields,
    whose,
)
from leia_nb.widgets.forms.model_fields import keeping_fields, short_name_field
from leia_nb.widgets.forms.model_params import ModelParamsField

if TYPE_CHECKING:
    from leia_nb.client import Client


class TrainForm(JobForm):
    """Train a model on the documents that carry a tag, and see the new model.

    LEIA operation: `train_model_async`.

    Parameters
    ----------
    leia : Client
        Where the documents are.

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
    lead = "A model learns from documents with a tag; their annotations say what is right."
    verb = "Train"
    method = "train"
    positional = ("model_module", "documents_tag")

    def __init__(self, leia: Client) -> None:
        self._owner = owner_field(
            "Whose model it is to be, by the application's id; admins only. Empty: the connected "
            "one's."
        )
        self._learn_from = _documents_field(leia, self._owner)
        module = _module_field(leia)
        self._model_params = ModelParamsField(
            leia, "training_parameters", lambda: module.value or None
        )
        super().__init__(
            leia,
            [module, self._learn_from, *_naming_fields()],
            [
                *keeping_fields(),
                after_field(leia),
                self._model_params,
                *passed_on_fields(),
                self._owner,
            ],
        )
        module.on_change(self._model_params.refresh)
        self._owner.on_change(self._learn_from.refresh)

    def check_together(self) -> dict[str, str]:
        """Say that there is nothing to learn from, unless another job comes first."""
        tag = self._learn_from.value
        if self._learn_from.empty and not self.fields["execute_after_id"].value:
            return {
                "documents_tag": f"No document carries the tag {tag!r}. Upload some with it, or "
                "give another tag."
            }
        return {}


def _module_field(leia: Client) -> Field:
    return ModuleField(
        "model_module",
        leia,
        label="Model module",
        tooltip="What kind of model to train, e.g. image_classifier.",
        required=True,
    )


def _documents_field(leia: Client, owner: TextField) -> DocumentsTagField:
    def of_owner() -> Any:
        return whose(owner)

    return DocumentsTagField(
        "documents_tag",
        leia,
        whose=of_owner,
        label="Documents tag",
        tooltip="The tag of the documents to learn from.",
        required=True,
    )


def _naming_fields() -> list[Field]:
    return [
        TextField(
            "model_name",
            label="Model name",
            tooltip="What the new model is called. Empty: LEIA's choice.",
        ),
        short_name_field(),
        WordsField("tags", label="Tags", tooltip="The new model's tags. Empty: none."),
    ]
