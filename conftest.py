"""Set up a temporary data folder for all tests, and `leia` for the docstring examples."""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="leia-nb-test-"))
# Playwright is in the extra `browser` only.
collect_ignore = [] if importlib.util.find_spec("playwright") else ["tests/browser"]


def pytest_configure():
    """Keep tests and notebooks away from the user's own data folder and services."""
    for name in ("LEIA_API_URL", "LEIA_API_KEY"):
        os.environ.pop(name, None)
    os.environ["LEIA_NB_HOME"] = str(_HOME / "home")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as in worker processes
        os.environ.setdefault(name, "1")


def pytest_unconfigure():
    from leia_nb import embedded

    for service in _HOME.rglob("service.json"):
        embedded.stop(service.parent)
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def leia_of_examples():
    """Connect to an embedded service with 120 digits and the model `digits-v1`; read only."""
    return _with_digits(_HOME / "examples")


@pytest.fixture(scope="session")
def leia_of_forms():
    """Connect to another service with the same contents, in which tests may create jobs."""
    return _with_digits(_HOME / "forms")


def _with_digits(data_dir):
    import leia_nb
    from leia_nb.samples import load_digits

    leia = leia_nb.connect(data_dir=data_dir)
    load_digits(leia, train=100, test=20, progress=False)
    job = leia.models.train(
        "image_classifier",
        "digits-train",
        model_name="Digits",
        short_name="digits-v1",
        tags=["digits"],
    )
    job.wait(progress=False)
    return leia


@pytest.fixture(autouse=True)
def _examples(request):
    """Define the names that the examples of a docstring use."""
    if not isinstance(request.node, pytest.DoctestItem):
        return
    source = "".join(example.source for example in request.node.dtest.examples)
    names = request.node.dtest.globs
    if "leia." in source or "(leia" in source:
        names["leia"] = request.getfixturevalue("leia_of_examples")
    if "tmp_path" in source:
        names["tmp_path"] = request.getfixturevalue("tmp_path")
