"""Forms and views for JupyterLab: each is a skin over one public function.

Each also goes by name, e.g. ``leia_nb.widgets.ApplyForm(leia)``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leia_nb.toolkit import Leia
    from leia_nb.widgets.apply import ApplyForm
    from leia_nb.widgets.create import CreateForm
    from leia_nb.widgets.edit import EditForm
    from leia_nb.widgets.jobs_view import JobsView
    from leia_nb.widgets.login import LoginForm
    from leia_nb.widgets.models_view import ModelsView
    from leia_nb.widgets.train import TrainForm

_MODULES = {
    "ApplyForm": "apply",
    "CreateForm": "create",
    "EditForm": "edit",
    "JobsView": "jobs_view",
    "LoginForm": "login",
    "ModelsView": "models_view",
    "TrainForm": "train",
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
    leia : Leia
        Where they send to.
    """

    def __init__(self, leia: Leia) -> None:
        self._leia = leia

    def create(self) -> CreateForm:
        """Open the form that creates a model from a model file.

        Examples
        --------
        >>> leia.forms.create().submit()
        Traceback (most recent call last):
        leia_nb.errors.InvalidInput: Model file is empty. Choose a file or write its path.
        """
        return _named("CreateForm")(self._leia)  # type: ignore[no-any-return]

    def apply(self) -> ApplyForm:
        """Open the form that applies a model to documents."""
        return _named("ApplyForm")(self._leia)  # type: ignore[no-any-return]

    def train(self) -> TrainForm:
        """Open the form that trains a model."""
        return _named("TrainForm")(self._leia)  # type: ignore[no-any-return]

    def edit(self, model: Any) -> EditForm:
        """Open the form that edits a model.

        Parameters
        ----------
        model : str or object
            The model, e.g. its short name.

        Examples
        --------
        >>> leia.forms.edit("digits-v1").fields["name"].value
        'Digits'
        """
        return _named("EditForm")(self._leia, model)  # type: ignore[no-any-return]

    def models(self) -> ModelsView:
        """Open the view of the models."""
        return _named("ModelsView")(self._leia)  # type: ignore[no-any-return]

    def jobs(self) -> JobsView:
        """Open the view of the jobs."""
        return _named("JobsView")(self._leia)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"leia.forms at {self._leia.url}: create, apply, train, edit, models, jobs"


def _named(name: str) -> Any:
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return _named(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
