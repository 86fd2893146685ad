"""`import leia_nb` is light: heavy parts load with their first use."""

import subprocess
import sys

import leia_nb
from leia_nb import widgets

HEAVY = {"pandas", "ipywidgets", "sqlalchemy", "sklearn", "fastapi", "numpy", "requests", "tqdm"}


def _run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def test_import_loads_nothing_heavy():
    loaded = _run("import sys, leia_nb; print(','.join(sys.modules))").split(",")
    assert "leia_nb" in loaded
    assert HEAVY.isdisjoint(loaded)


def test_import_starts_no_thread():
    assert _run("import threading, leia_nb; print(threading.active_count())") == "1"


def test_client_loads_no_service_and_no_widget():
    code = "import sys, leia_nb.client; print(','.join(sys.modules))"
    assert {"sqlalchemy", "sklearn", "fastapi", "ipywidgets"}.isdisjoint(_run(code).split(","))


def test_completion_offers_public_names_only():
    assert dir(leia_nb) == sorted({*leia_nb.__all__, "errors"})
    assert dir(widgets) == widgets.__all__
    assert all(hasattr(leia_nb, name) for name in dir(leia_nb))
    assert all(hasattr(widgets, name) for name in dir(widgets))
