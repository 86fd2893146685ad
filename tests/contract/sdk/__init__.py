"""LEIA's official SDK, in a virtual environment of its own for each version.

Such an environment is made once and kept with pytest's cache. The scripts beside this
file run in it; they read JSON from their standard input and print JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

# What pip is asked for: 1.0.9 calls HTTPResponse.getheaders(), which urllib3 2.6 took away;
# both import tqdm in their helpers and do not declare it.
REQUIREMENTS = {
    "1.0.9": ["leia-api-sdk==1.0.9", "tqdm", "urllib3<2.6"],
    "1.1.4": ["leia-api-sdk==1.1.4", "tqdm"],
}
VERSIONS = tuple(REQUIREMENTS)
_HERE = Path(__file__).parent
_PATIENCE = 240


class Sdk:
    """One version of the SDK."""

    def __init__(self, version, python):
        self.version = version
        self._python = python

    def run(self, script, told):
        """Run one of the scripts in this folder; return what it printed."""
        done = subprocess.run(
            [self._python, "-I", _HERE / script],
            input=json.dumps({"version": self.version, **told}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            env=_environment(),
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def installed(version, cache):
    """Return a version of the SDK, installed; skip the test where PyPI cannot be reached."""
    folder = Path(cache.mkdir(f"sdk-{version}"))
    with FileLock(folder.with_suffix(".lock")):
        ready = folder / "ready.txt"
        wanted = "\n".join([sys.version, *REQUIREMENTS[version]])
        if not ready.is_file() or ready.read_text(encoding="utf-8") != wanted:
            _make(folder, version)
            ready.write_text(wanted, encoding="utf-8")
    return Sdk(version, _python_of(folder))


def _make(folder, version):
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, timeout=_PATIENCE)
    pip = [_python_of(folder), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    try:
        done = subprocess.run(
            [*pip, "--retries=1", "--only-binary=:all:", *REQUIREMENTS[version]],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        _skip(version, f"pip took longer than {_PATIENCE} seconds")
    if done.returncode != 0:
        _skip(version, (done.stderr.strip().splitlines() or ["no reason given"])[-1])


def _skip(version, why):
    pytest.skip(f"LEIA's SDK {version} cannot be installed, so nothing is compared: {why}")


def _python_of(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _environment():
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
