"""`import leia_nb` is light: heavy parts load with their first use."""

import subprocess
import sys

import leia_nb
from leia_nb import widgets

PARTS = {"sqlalchemy", "sklearn", "fastapi", "ipywidgets"}  # of the service and of the forms
DATA = {"pandas", "numpy", "tqdm", "PIL"}  # load when there is a frame or a bar to show


def _run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def _loaded(statement):
    return set(_run(f"import sys; {statement}; print(','.join(sys.modules))").split(","))


def test_import_loads_the_standard_library_and_little_of_its_own():
    new = _loaded("import leia_nb") - _loaded("pass")
    foreign = {name for name in new if name.partition(".")[0] not in sys.stdlib_module_names}
    assert foreign == {"leia_nb", "leia_nb.errors", "leia_nb.version"}


def test_import_starts_no_thread():
    assert _run("import threading, leia_nb; print(threading.active_count())") == "1"


def test_client_loads_no_service_no_widget_and_no_pandas():
    assert (PARTS | DATA).isdisjoint(_loaded("import leia_nb.client"))


def test_completion_offers_public_names_only():
    assert dir(leia_nb) == sorted({*leia_nb.__all__, "errors"})
    assert dir(widgets) == widgets.__all__
    assert all(hasattr(leia_nb, name) for name in dir(leia_nb))
    assert all(hasattr(widgets, name) for name in dir(widgets))
