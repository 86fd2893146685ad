"""environment.yml and pyproject.toml declare the same packages with the same lower bounds."""

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
INSTALLED_BY_PIP = {"ocr": set(EXTRAS["ocr"]), "test": {"schemathesis>=4.30"}}
CONDA_NAMES = {  # where conda-forge's name differs
    "jupyter-client": "jupyter_client",
    "playwright": "playwright-python",
    "types-PyYAML": "types-pyyaml",
}
GROUPS = {"core": PROJECT["dependencies"], **EXTRAS}


def conda_requirement(requirement):
    name, bound = re.fullmatch(r"([\w-]+)(>=[\d.]+)", requirement).groups()
    return CONDA_NAMES.get(name, name) + bound


def conda_groups():
    """Return the packages of environment.yml, by the comment above them that names their group."""
    groups, group = {}, []
    for line in TEXT.splitlines():
        if heading := re.match(r"  # (\w+)(:|$)", line):
            group = groups.setdefault(heading[1], [])
        elif package := re.fullmatch(r"  - ([\w-]+>=[\d.]+)", line):
            group.append(package[1])
    return groups


def test_every_group_is_in_environment_yml():
    assert conda_groups().keys() == GROUPS.keys()


@pytest.mark.parametrize("group", GROUPS)
def test_both_files_name_the_same_packages(group):
    own = {entry for entry in GROUPS[group] if not entry.startswith("leia_nb[")}
    by_pip = INSTALLED_BY_PIP.get(group, set())
    assert by_pip <= own
    expected = [conda_requirement(entry) for entry in GROUPS[group] if entry in own - by_pip]
    assert conda_groups()[group] == expected


def test_environment_yml_has_no_other_packages():
    packages = {package for group in conda_groups().values() for package in group}
    python = f"python{PROJECT['requires-python']}"
    listed = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)]
    assert set(listed) == packages | {python, "pip"}
    assert len(listed) == len(set(listed))


def test_pip_installs_the_checkout_and_what_conda_forge_lacks():
    (by_pip,) = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict)]
    assert by_pip == {"pip": [f"-e .[{','.join(INSTALLED_BY_PIP)}]"]}
