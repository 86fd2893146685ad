"""environment.yml and pyproject.toml name the same packages with the same bounds."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
TEXT = (ROOT / "environment.yml").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load(TEXT)
BY_PIP = {"ocr": set(EXTRAS["ocr"]), "test": {"schemathesis>=4.30"}}
CALLED = {"playwright": "playwright-python", "types-PyYAML": "types-pyyaml"}  # by conda-forge
GROUPS = {"core": PROJECT["dependencies"], **EXTRAS}


def of_conda(requirement):
    name, bound = re.fullmatch(r"([\w-]+)(>=[\d.]+)", requirement).groups()
    return CALLED.get(name, name) + bound


def under_headings():
    """Return the packages that stand under each comment that names a group."""
    groups, group = {}, []
    for line in TEXT.splitlines():
        if heading := re.match(r"  # (\w+)(:|$)", line):
            group = groups.setdefault(heading[1], [])
        elif package := re.fullmatch(r"  - ([\w-]+>=[\d.]+)", line):
            group.append(package[1])
    return groups


def test_every_group_is_there():
    assert under_headings().keys() == GROUPS.keys()


@pytest.mark.parametrize("group", GROUPS)
def test_conda_and_pip_agree(group):
    own = {one for one in GROUPS[group] if not one.startswith("leia_nb[")}
    assert BY_PIP.get(group, set()) <= own
    expected = [of_conda(one) for one in GROUPS[group] if one in own - BY_PIP.get(group, set())]
    assert under_headings()[group] == expected


def test_nothing_else_is_there():
    packages = {one for group in under_headings().values() for one in group}
    python = f"python{PROJECT['requires-python']}"
    listed = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)]
    assert set(listed) == packages | {python, "pip"}
    assert len(listed) == len(set(listed))


def test_this_package_itself_comes_from_the_checkout():
    """With what conda-forge does not have."""
    (by_pip,) = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict)]
    assert by_pip == {"pip": [f"-e .[{','.join(BY_PIP)}]"]}
