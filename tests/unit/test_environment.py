"""environment.yml and pyproject.toml name the same packages with the same bounds."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_conda_and_pip_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {*project["dependencies"], *extras["local"], *extras["lab"]}
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    given = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    assert f"python{project['requires-python']}" in given
    assert set(given) - {"pip", f"python{project['requires-python']}"} == wanted


def test_this_package_itself_comes_from_the_checkout():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert {"pip": ["-e .[ocr]"]} in environment["dependencies"]
