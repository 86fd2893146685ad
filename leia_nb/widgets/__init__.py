"""Forms and views for JupyterLab: each is a user interface of one public function.

Each is also a class, e.g. ``leia_nb.widgets.ApplyForm(leia)``; it is imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.widgets.forms.apply import ApplyForm
    from leia_nb.widgets.forms.create import CreateForm
    from leia_nb.widgets.forms.edit import EditForm
    from leia_nb.widgets.forms.login import LoginForm
    from leia_nb.widgets.forms.train import TrainForm
    from leia_nb.widgets.views.jobs import JobsView
    from leia_nb.widgets.views.models import ModelsView

_MODULES = {
    "ApplyForm": "forms.apply",
    "CreateForm": "forms.create",
    "EditForm": "forms.edit",
    "JobsView": "views.jobs",
    "LoginForm": "forms.login",
    "ModelsView": "views.models",
    "TrainForm": "forms.train",
}

__all__ = [
    "ApplyForm",
    "CreateForm",
    "EditForm",
    "Forms",
    "JobsView",
    "LoginForm",
    "ModelsView",
    "TrainForm",
]


class Forms:
    """`leia.forms`: opens forms and views.

    Parameters
    ----------
    leia : Client
        The client that they use.
    """

    def __init__(self, leia: Client) -> None:
        self._leia = leia

    def create(self, **values: Any) -> CreateForm:
        """Open the form that creates a model from a model file.

        Parameters
        ----------
        **values
            Values of the fields, as in ``form.fill(**values)``.

        Examples
        --------
        >>> leia.forms.create(name="Digits").submit()
        Traceback (most recent call last):
        leia_nb.errors.InvalidInput: Model file is empty. Choose a file, or enter its path.
        """
        return _fill(_class("CreateForm")(self._leia), values)  # type: ignore[no-any-return]

    def apply(self, **values: Any) -> ApplyForm:
        """Open the form that applies a model to documents.

        Parameters
        ----------
        **values
            Values of the fields, as in ``form.fill(**values)``.

        Examples
        --------
        >>> leia.forms.apply(model="digits-v1", documents="digits-test").check()
        {}
        """
        return _fill(_class("ApplyForm")(self._leia), values)  # type: ignore[no-any-return]

    def train(self, **values: Any) -> TrainForm:
        """Open the form that trains a model; its parameters are those of `apply`."""
        return _fill(_class("TrainForm")(self._leia), values)  # type: ignore[no-any-return]

    def edit(self, model: Any, **values: Any) -> EditForm:
        """Open the form that edits a model.

        Parameters
        ----------
        model : str or object
            The model, e.g. its short name.
        **values
            Changes, as in ``form.fill(**values)``.

        Examples
        --------
        >>> leia.forms.edit("digits-v1").fields["name"].value
        'Digits'
        """
        return _fill(_class("EditForm")(self._leia, model), values)  # type: ignore[no-any-return]

    def models(self, **filters: Any) -> ModelsView:
        """Open the view of the models.

        Parameters
        ----------
        **filters
            Filters, as in `leia.models.list`.

        Examples
        --------
        >>> leia.forms.models(tags=["digits"]).frame["short_name"].tolist()
        ['digits-v1']
        """
        return _fill(_class("ModelsView")(self._leia), filters)  # type: ignore[no-any-return]

    def jobs(self, **filters: Any) -> JobsView:
        """Open the view of the jobs; its parameters are those of `models`."""
        return _fill(_class("JobsView")(self._leia), filters)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"leia.forms at {self._leia.url}: create, apply, train, edit, models, jobs"


def _class(name: str) -> Any:
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def _fill(form: Any, values: dict[str, Any]) -> Any:
    """Return a form with its values filled in; close it if it rejects them."""
    try:
        return form.fill(**values)
    except Exception:
        form.close()
        raise


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return _class(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
