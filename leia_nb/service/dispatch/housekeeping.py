"""What is cleared away: expired documents, and old work folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import delete, select

from leia_nb.service.storage.blobs import Blobs, delete_on_commit
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Document, now

_AT_ONCE = 500


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
        expired = list(
            session.scalars(select(Document.id).where(Document.expiration_time <= now()))
        )
    if not expired:
        return 0
    with database.write() as session:
        doomed = list(dict.fromkeys(expired))
        parents = doomed
        while parents:
            made = [
                child
                for part in _parts(parents)
                for child in session.scalars(
                    select(Document.id).where(Document.original_id.in_(part))
                )
            ]
            parents = [child for child in dict.fromkeys(made) if child not in set(doomed)]
            doomed.extend(parents)
        for part in _parts(doomed):
            session.execute(delete(Document).where(Document.id.in_(part)))
        delete_on_commit(session, blobs, doomed)
        return len(doomed)


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE)]
