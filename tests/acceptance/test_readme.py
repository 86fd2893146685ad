"""What the README says: its code runs, and what it names is there."""

import re
from functools import partial
from pathlib import Path

import pytest
from fpdf import FPDF

import leia_nb
from leia_nb import embedded, samples
from leia_nb.leia import Leia

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
WORDS = {"invoice": "please pay the invoice of {} euros", "reminder": "we remind you of bill {}"}


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with letters, a data folder of its own, and fewer digits, as there are many."""
    fewer = partial(samples.load_digits, train=200, test=50)
    monkeypatch.setattr(samples, "load_digits", fewer)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEIA_NB_HOME", str(tmp_path / "home"))
    for category, words in WORDS.items():
        folder = tmp_path / "letters" / category
        folder.mkdir(parents=True)
        for number in range(4):
            (folder / f"{number}.txt").write_text(words.format(number), encoding="utf-8")
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica")
    page.cell(text=WORDS["invoice"].format(99))
    page.output(str(tmp_path / "new.pdf"))
    yield tmp_path
    for service in tmp_path.rglob("service.json"):
        embedded.stop(service.parent)


def test_its_python_runs_from_top_to_bottom(workplace):
    names = {}
    first, second = (compile(code, "README.md", "exec") for code in PYTHON)
    exec(first, names)
    found = names["job"].result()
    right = names["test"]["category"] == found["category"].reindex(names["test"].index)
    assert len(right) == 50
    assert right.mean() > 0.85
    exec(second, names)
    leia, new = names["leia"], names["new"]
    (job,) = leia.jobs.list(document_id=new).index
    assert leia.jobs.get(job).result()["category"].tolist() == ["invoice"]


def test_it_counts_its_lines():
    lines = [line for line in PYTHON[0].splitlines() if line.strip()]
    assert len(lines) == 9
    assert "Nine lines of Python:" in TEXT


@pytest.fixture(scope="module")
def offered():
    """The client, as `connect` returns it; nothing is asked of it."""
    return Leia("http://127.0.0.1:9/leia/1.0.0", "no key")


@pytest.mark.parametrize("named", sorted(set(re.findall(r"\bleia\.((?:\w+\.)?\w+)\(", TEXT))))
def test_what_it_calls_is_there(offered, named):
    found = offered
    for name in named.split("."):
        found = getattr(found, name)
    assert callable(found)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"\bleia_nb((?:\.\w+)+)", TEXT))))
def test_what_it_imports_is_there(named):
    found = leia_nb
    for name in named.strip(".").split("."):
        found = getattr(found, name, None) or __import__(f"{found.__name__}.{name}", fromlist="x")
    assert found is not None


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_what_it_links_to_is_there(link):
    assert (ROOT / link).is_file()


def test_the_targets_that_it_names_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"(?m)^make ([a-z-]+)", TEXT)
    assert named == ["demo", "test", "lab"]
    assert all(re.search(rf"(?m)^{target}:", makefile) for target in named)
