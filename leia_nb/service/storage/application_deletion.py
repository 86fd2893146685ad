"""Deleting an application, and everything that it owns."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from leia_nb.service.storage.blobs import Blobs, delete_on_commit
from leia_nb.service.storage.tables import (
    Annotation,
    Application,
    Document,
    Job,
    Model,
    ModelPermission,
)


def delete_application(session: Session, blobs: Blobs, row: Application) -> None:
    """Delete an application with its jobs, annotations, documents, models and logins.

    The rows go in the one transaction of the session, the blobs once it is committed;
    blobs that a crash leaves over in between are swept at the next start. A job that it
    submitted for another application stays with that one, which becomes its submitter.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        A writing session.
    blobs : Blobs
        Where the files of its documents and models are.
    row : tables.Application
        The application.
    """
    own = [*_ids(session, Document, row.id), *_ids(session, Model, row.id)]
    session.execute(delete(Job).where(Job.application_id == row.id))
    session.execute(
        update(Job).where(Job.submitter_id == row.id).values(submitter_id=Job.application_id)
    )
    session.execute(delete(ModelPermission).where(ModelPermission.application_id == row.id))
    for table in (Annotation, Document, Model):
        session.execute(delete(table).where(table.application_id == row.id))
    session.execute(delete(Application).where(Application.id == row.id))
    delete_on_commit(session, blobs, own)


def _ids(session: Session, table: type[Document] | type[Model], owner_id: str) -> list[str]:
    return list(session.scalars(select(table.id).where(table.application_id == owner_id)))
