"""What is cleared away: expired documents, and old work folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from leia_nb.service.storage import document_changes
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database


def clear_work(work: Path) -> None:
    """Delete the work folders that a service that ended abruptly left.

    Parameters
    ----------
    work : pathlib.Path
        The folder of the work folders; it is made when missing.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)


def delete_expired(database: Database, blobs: Blobs) -> int:
    """Delete the documents whose time is up, and everything made from them.

    Parameters
    ----------
    database : Database
        Where the rows are.
    blobs : Blobs
        Where the files are.

    Returns
    -------
    int
        How many documents were deleted.
    """
    with database.read() as session:
        if not document_changes.has_expired(session):
            return 0
    with database.write() as session:
        return len(document_changes.delete_expired(session, blobs))
