"""Run the notebooks from top to bottom and store their outputs (make notebooks).

Each runs in a kernel of its own with an empty data folder below a throw-away home, so
that no path of this machine gets into an output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def store(path: Path) -> None:
    """Run one notebook and write it back with its outputs.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
    client = NotebookClient(
        notebook,
        timeout=600,
        resources={"metadata": {"path": HERE}},
        store_widget_state=not _has_forms(notebook),
    )
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran is nobody's business
    nbformat.write(notebook, path)


def _has_forms(notebook: nbformat.NotebookNode) -> bool:
    """Whether forms stand in it: they leave a text of their own, and their state is large."""
    return any("leia.forms." in cell.source for cell in notebook.cells)


def main() -> int:
    """Store every notebook, or those named on the command line."""
    from leia_nb import embedded

    paths = [Path(name).resolve() for name in sys.argv[1:]] or sorted(HERE.glob("*.ipynb"))
    with tempfile.TemporaryDirectory(prefix="leia-nb-home-") as home:
        os.environ.update(HOME=home, USERPROFILE=home, MPLCONFIGDIR=str(Path(home, "matplotlib")))
        for name in ("LEIA_NB_HOME", "LEIA_API_URL", "LEIA_API_KEY", "XDG_DATA_HOME"):
            os.environ.pop(name, None)
        try:
            for path in paths:
                store(path)
        finally:
            for service in Path(home).rglob("service.json"):
                embedded.stop(service.parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
