"""The data folder of an embedded service, and the admin key in it."""

from __future__ import annotations

import os
from pathlib import Path

from leia_nb.api.paths import as_path


def data_folder(data_dir: Path | str | None = None) -> Path:
    """Return the data folder: the one given, else ``LEIA_NB_HOME``, else the user's own.

    Parameters
    ----------
    data_dir : path, optional
        A folder; it need not exist.

    Returns
    -------
    pathlib.Path
        An absolute path.

    Raises
    ------
    InvalidInput
        If it is no path.
    """
    given = data_dir or os.environ.get("LEIA_NB_HOME")
    if given:
        return as_path(given, "data_dir").absolute()
    import platformdirs

    return platformdirs.user_data_path("leia_nb", appauthor=False)


def admin_key(folder: Path) -> str | None:
    """Return the admin key that the service wrote into its data folder, or None."""
    try:
        return (folder / "admin.key").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
