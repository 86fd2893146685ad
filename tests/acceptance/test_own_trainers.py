"""docs/own_models.md: its code runs as it stands there."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from leia_nb import errors

from .clients import connected

PAGE = Path(__file__).parents[2] / "docs" / "own_models.md"
BILLS = ["please pay the amount due", "the amount is due in March", "pay this bill of March"]
LETTERS = ["dear Ann, all the best", "all the best to you, dear Ben", "best regards to Ann and Ben"]


def _code(name):
    """Return the block of the page that starts with this file's name."""
    blocks = re.findall(r"```\w+\n# (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return dict(blocks)[name]


@pytest.fixture
def leia(tmp_path, monkeypatch, fresh_service):
    """A service that has the page's package installed."""
    folder = tmp_path / "packages"
    metadata = folder / "my_trainers-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "my_trainers.py").write_text(_code("my_trainers.py"), encoding="utf-8")
    written = tomllib.loads(_code("pyproject.toml"))
    assert written["tool"]["setuptools"]["py-modules"] == ["my_trainers"]
    project = written["project"]
    lines = [f"{k} = {v}" for k, v in project["entry-points"]["leia_nb.modules"].items()]
    told = "\n".join(["[leia_nb.modules]", *lines])
    (metadata / "entry_points.txt").write_text(told, encoding="utf-8")
    about = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (metadata / "METADATA").write_text(about, encoding="utf-8")
    known = os.environ.get("PYTHONPATH")
    paths = [str(folder), *([known] if known else [])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    with connected(fresh_service()) as opened:
        yield opened


def _upload(leia, text, name, tag, category=None):
    document = leia.documents.upload(text.encode(), filename=name, tags=[tag], progress=False)
    if category:
        leia.annotations.create(document, "TYPING", {"category": category})
    return document


def test_the_trainers_of_the_page_are_trained_and_applied(leia):
    assert {"nearest_category", "similar_text"} <= set(leia.health()["model_modules"])
    for number, (bill, letter) in enumerate(zip(BILLS, LETTERS, strict=True)):
        _upload(leia, bill, f"bill-{number}.txt", "known", "bill")
        _upload(leia, letter, f"letter-{number}.txt", "known", "letter")
    new = _upload(leia, "please pay this amount in March", "new.txt", "new")

    nearest = leia.models.train("nearest_category", "known", model_params={"neighbors": 2})
    model = nearest.wait(progress=False)
    said = leia.models.apply(model, new, format_type="classification").wait(progress=False)
    assert said["category"].tolist() == ["bill"]
    assert "Parameters: neighbors = 2, folds = 5, seed = 0." in model.documentation
    with pytest.raises(errors.JobFailed, match="Use at most 3 neighbors"):
        leia.models.train("nearest_category", "known", model_params={"neighbors": 80}).wait(
            progress=False
        )

    model = leia.models.train("similar_text", "known").wait(progress=False)
    said = leia.models.apply(model, new).wait(progress=False)
    assert said["similar_to"].iloc[0].startswith("bill-")
    assert 0.1 <= said["similar_to_score"].iloc[0] <= 1
    said = leia.models.apply(model, new, model_params={"least": 1}).wait(progress=False)
    assert "similar_to" not in said.columns

    with pytest.raises(errors.LeiaError, match="has no parameter 'sise'"):
        leia.models.train("similar_text", "known", model_params={"sise": 1})


def test_the_packed_estimator_of_the_page_is_applied(service):
    with connected(service) as leia:
        names = {"leia": leia}
        exec(_code("pack_an_estimator.py"), names)
    assert names["categories"]["category"].tolist() == ["bill"]
    assert names["categories"]["accuracy"].tolist() == [0.9]
