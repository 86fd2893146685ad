"""No widget replaces a trait of ipywidgets, such as _model_module, by an attribute of its own."""

import importlib
import inspect
import pkgutil

import ipywidgets
import pytest
from traitlets import TraitType

import leia_nb.widgets


def widget_classes():
    names = [m.name for m in pkgutil.walk_packages(leia_nb.widgets.__path__, "leia_nb.widgets.")]
    members = (vars(importlib.import_module(name)).values() for name in names)
    classes = {item for values in members for item in values if inspect.isclass(item)}
    own = (cls for cls in classes if cls.__module__.startswith("leia_nb."))
    return sorted((c for c in own if issubclass(c, ipywidgets.Widget)), key=lambda c: c.__name__)


@pytest.mark.parametrize("cls", widget_classes(), ids=lambda cls: cls.__name__)
def test_inherited_traits_stay_traits(cls):
    traits = {name for base in cls.__mro__[1:] for name in getattr(base, "_traits", {})}
    replaced = [n for n in traits & vars(cls).keys() if not isinstance(vars(cls)[n], TraitType)]
    assert replaced == []


def test_the_forms_are_among_the_widgets():
    names = {cls.__name__ for cls in widget_classes()}
    assert {"ApplyForm", "TrainForm", "JobsView", "ModelsView"} <= names
