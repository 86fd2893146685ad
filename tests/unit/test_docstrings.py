"""What `help(leia.models.list)` says: operations, parameters, what comes back, what is raised."""

import inspect
import re
from pathlib import Path

import pytest

from leia_nb import errors, resources
from leia_nb.api.operations import SORTABLE
from leia_nb.client import Client
from leia_nb.records import frames
from leia_nb.resources.annotations import Annotations
from leia_nb.resources.applications import Applications
from leia_nb.resources.documents import Documents
from leia_nb.resources.job.handle import Job
from leia_nb.resources.jobs import Jobs
from leia_nb.resources.models import Models
from leia_nb.resources.parameters.docs import ENTRIES
from leia_nb.resources.workers import Workers

LOCAL = {"close"}  # ask LEIA nothing
LISTINGS = {
    Models: frames.MODELS,
    Documents: frames.DOCUMENTS,
    Annotations: frames.ANNOTATIONS,
    Jobs: frames.JOBS,
    Applications: frames.APPLICATIONS,
    Workers: frames.WORKERS,
}

METHODS = [
    pytest.param(method, id=method.__qualname__)
    for kind in (Client, *LISTINGS, Job)
    for name, method in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_")
]


def sections(method):
    """Return the parts of a NumPy docstring, by heading; what stands before the first is ""."""
    parts = re.split(r"(?m)^(\w+)\n-+$\n", inspect.getdoc(method) or "")
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def names(section):
    """Return the names that a section explains, several of them on one line or not."""
    heads = re.findall(r"(?m)^(\w[\w, ]*?)(?: :.*)?$", section)
    return [name for head in heads for name in head.split(", ")]


@pytest.mark.parametrize("method", METHODS)
def test_its_operation_is_named(method):
    said = re.search(r"LEIA operations?\b", sections(method)[""])
    assert bool(said) is (method.__name__ not in LOCAL)


@pytest.mark.parametrize("method", METHODS)
def test_no_placeholder_is_left(method):
    assert not re.search(r"%\(|\)s\b|^\s*\w+=", inspect.getdoc(method), re.MULTILINE)


def test_every_shared_entry_is_used():
    sources = "".join(path.read_text() for path in Path(resources.__path__[0]).rglob("*.py"))
    assert {key for key in ENTRIES if f"%({key})s" not in sources} == set()


@pytest.mark.parametrize("method", METHODS)
def test_every_parameter_is_explained(method):
    taken = [name for name in inspect.signature(method).parameters if name != "self"]
    assert sorted(names(sections(method).get("Parameters", ""))) == sorted(taken)


@pytest.mark.parametrize("method", METHODS)
def test_what_comes_back_is_told(method):
    returns = inspect.signature(method).return_annotation
    assert ("Returns" in sections(method)) is (returns not in (None, "None"))


@pytest.mark.parametrize("method", METHODS)
def test_what_is_raised_is_told(method):
    raised = names(sections(method).get("Raises", ""))
    assert raised or method.__name__ in LOCAL
    for name in raised:
        assert name in errors.__all__


@pytest.mark.parametrize("method", METHODS)
def test_there_is_an_example(method):
    assert ("Examples" in sections(method)) is (method.__name__ not in LOCAL)


@pytest.mark.parametrize("kind", LISTINGS)
def test_the_columns_of_a_listing_are_told_in_their_order(kind):
    returns = " ".join(sections(kind.list)["Returns"].split()).partition("columns ")[2]
    told = re.findall(r"``(\w+)`` \(([\w\[\]]+(?:, UTC])?)", returns)
    assert told == [(name, dtype(column)) for name, column in LISTINGS[kind].items()]


@pytest.mark.parametrize("kind", [Models, Documents, Jobs, Applications])
def test_the_fields_that_sort_a_listing_are_told(kind):
    told = sections(kind.list)["Parameters"].partition("\nsort : ")[2].partition("default:")[0]
    assert tuple(re.findall(r"``(\w+)``", told)) == SORTABLE[f"get_{kind.__name__.lower()}"]


def dtype(column):
    """Return what a docstring calls a column of a frame."""
    if not isinstance(column, str):
        return "category"
    return "datetime64[ns, UTC]" if column == "time" else column
