"""The package stays within the limits of its structure, and CONTRIBUTING.md leads to real files."""

import re
from pathlib import Path

import pytest

from tests.structure import ODD_PHRASES, ROOT, Figure, figures

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(
    set(re.findall(r"`((?:leia_nb|tests|notebooks|docs|benchmarks)/[\w/.-]+)`", CONTRIBUTING))
)


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.name)
def test_the_structure_is_within_its_limits(figure: Figure):
    assert figure.met, str(figure)


@pytest.mark.parametrize(
    "sentence",
    ["'x' is no id.", "5 models where one belongs", "It runs for ever", "Nothing is given"],
)
def test_odd_phrases_are_found(sentence):
    assert ODD_PHRASES.search(sentence)


@pytest.mark.parametrize("sentence", ["It is no longer there.", "There is no such model."])
def test_plain_sentences_pass(sentence):
    assert not ODD_PHRASES.search(sentence)


@pytest.mark.parametrize("path", PATHS)
def test_contributing_names_files_that_exist(path):
    assert (ROOT / path).exists()


def test_contributing_answers_at_least_ten_questions():
    section = CONTRIBUTING.split("## Where to find things")[1].split("\n## ")[0]
    answered = [Path(path) for path in re.findall(r"\? \| `([^`]+)` \|", section)]
    assert len(answered) >= 10
