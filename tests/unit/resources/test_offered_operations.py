"""Every operation of LEIA has a method of the client, and every pair a scope."""

import inspect
import re

import pytest

from leia_nb.api.operations import OPERATIONS
from leia_nb.client import Client
from leia_nb.resources.annotations import Annotations
from leia_nb.resources.applications import Applications
from leia_nb.resources.documents import Documents
from leia_nb.resources.job.handle import Job
from leia_nb.resources.jobs import Jobs
from leia_nb.resources.models import Models
from leia_nb.resources.workers import Workers
from leia_nb.transport.session import Session

OFFER = [Client, Models, Documents, Annotations, Jobs, Applications, Workers]
_NAMED = re.compile(r"LEIA operations?[^:]*: ([^.(]*)")


def said(method):
    """Return the operations that a method's docstring names."""
    found = _NAMED.search(inspect.getdoc(method) or "")
    return set(re.findall(r"`(\w+)`", found[1])) if found else set()


def methods(*kinds):
    return [
        method
        for kind in kinds
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    ]


def test_every_operation_has_a_method():
    logins = said(Session.application.fget)
    named = {name for method in methods(*OFFER) for name in said(method)} | logins
    assert {name.removeprefix("admin_") for name in OPERATIONS} <= {
        name.removeprefix("admin_") for name in named
    }


def test_every_name_in_a_docstring_is_an_operation():
    for method in methods(*OFFER, Job):
        for name in said(method):
            assert name in OPERATIONS or f"admin_{name}" in OPERATIONS, method


@pytest.mark.parametrize(
    "method",
    [
        method
        for method in methods(*OFFER)
        if any(name in OPERATIONS and f"admin_{name}" in OPERATIONS for name in said(method))
    ],
    ids=lambda method: method.__qualname__,
)
def test_every_method_of_a_pair_takes_a_scope(method):
    scope = inspect.signature(method).parameters["scope"]
    assert scope.kind is inspect.Parameter.KEYWORD_ONLY
    assert scope.default is None
