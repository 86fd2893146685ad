"""pyproject.toml declares every imported package, in the extra that the importing code needs."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"core": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
DISTRIBUTIONS = packages_distributions()

TEST = ("core", "local", "ocr", "lab", "test")
ALLOWED = {  # the extras whose packages the code of a folder may import; the longest path counts
    "leia_nb": ("core",),
    "leia_nb/cli": ("core", "local"),
    "leia_nb/packaging": ("core", "local"),
    "leia_nb/samples": ("core", "local"),
    "leia_nb/service": ("core", "local", "ocr"),
    "benchmarks": TEST,
    "conftest.py": TEST,
    "notebooks": TEST,
    "tests": TEST,
    "tests/browser": (*TEST, "browser"),
}
FIRST_PARTY = {"benchmarks", "leia_nb", "tests"}
UNDECLARED = {
    "keyring",  # used where the user has installed it
    "leiaapi",  # the official SDKs, which tests/contract/sdk installs for itself
}
NOT_IMPORTED = {
    "httptools",  # uvicorn's HTTP parser
    "onnxruntime",  # rapidocr's inference engine
    "threadpoolctl",  # loaded by name in a worker process
}


def distribution(requirement):
    """Return the normalized name of a distribution, without its version."""
    name = re.match(r"[\w.-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras):
    return {distribution(entry) for extra in extras for entry in EXTRAS[extra]}


def imported(path):
    """Return the distributions that the files of a folder import, but not those below it."""
    files = [ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py")
    names = set()
    for file in files:
        relative = file.relative_to(ROOT).as_posix()
        if max((p for p in ALLOWED if relative.startswith(p)), key=len) != path:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.partition(".")[0])
    names -= sys.stdlib_module_names | FIRST_PARTY | UNDECLARED
    return {distribution(DISTRIBUTIONS.get(name, [name])[0]) for name in names}


@pytest.mark.parametrize("path", ALLOWED)
def test_imported_packages_are_declared(path):
    assert imported(path) - declared(*ALLOWED[path]) == set()


def test_declared_packages_are_imported():
    used = set().union(*(imported(path) for path in ALLOWED if path.startswith("leia_nb")))
    assert declared("core", "local", "ocr") - used == NOT_IMPORTED
