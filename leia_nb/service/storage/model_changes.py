"""Models: adding, changing and deleting them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leia_nb import packaging
from leia_nb.service import trainers
from leia_nb.service.api_errors import bad, invalid
from leia_nb.service.schemas.requests import ModelCreate, ModelEdit
from leia_nb.service.storage.blobs import Blobs, delete_on_commit, delete_on_rollback
from leia_nb.service.storage.tables import Application, Model, ModelPermission, ModelTag, new_id
from leia_nb.service.storage.tags import unique_tags


@dataclass(frozen=True)
class CheckedFile:
    """A valid model file."""

    description: packaging.ModelDescription
    md5sum: str
    size: int


def check_model_file(file: Path, md5sum: str | None = None) -> CheckedFile:
    """Check a model file without running anything in it; 400 ``invalid_model_file``."""
    try:
        description = packaging.read_description(file)
    except packaging.ModelFileError as error:
        raise bad(
            "invalid_model_file",
            f"The file is not a model: {error}. Upload a file that leia.models.download or "
            "leia_nb.packaging.pack wrote.",
            "body",
        ) from None
    _check_module(description.model_module)
    return CheckedFile(description, md5sum or _md5_of(file), file.stat().st_size)


def add_model(
    session: Session,
    blobs: Blobs,
    owner_id: str,
    file: Path,
    request: ModelCreate,
    checked: CheckedFile,
) -> Model:
    """Add a model: its file becomes a blob, which a rollback deletes again."""
    check_short_name_free(session, request.short_name)
    row = _new_row(owner_id, request, checked)
    _set_permissions(session, row, request.allowed_application_ids)
    blobs.adopt(file, row.id)
    delete_on_rollback(session, blobs, row.id)
    session.add(row)
    session.flush()
    return row


def edit_model(session: Session, row: Model, changes: ModelEdit) -> None:
    """Change a model; None leaves a field as it is, an empty string removes it."""
    check_short_name_free(session, changes.short_name, own_id=row.id)
    for name, value in _columns(changes).items():
        setattr(row, name, value)
    if changes.allowed_application_ids is not None:
        _set_permissions(session, row, changes.allowed_application_ids)
    session.flush()


def delete_model(session: Session, row: Model, blobs: Blobs) -> None:
    """Delete a model and, after the commit, its file."""
    session.delete(row)
    session.flush()
    delete_on_commit(session, blobs, [row.id])


def check_short_name_free(
    session: Session, short_name: str | None, *, own_id: str | None = None
) -> None:
    """Refuse another model's short name with 400."""
    if not short_name:
        return
    owner_id = session.scalar(select(Model.id).where(Model.short_name == short_name))
    if owner_id not in (None, own_id):
        raise bad(
            "short_name_taken",
            f"The short name {short_name!r} already belongs to another model. "
            "Choose another one, or delete or rename that model.",
            "short_name",
        )


def check_applications(session: Session, application_ids: Iterable[str]) -> list[str]:
    """Return the ids sorted and unique, without empty ones; 400 for an unknown one."""
    unique = sorted(set(filter(None, application_ids)))
    known = set(session.scalars(select(Application.id).where(Application.id.in_(unique))))
    for application_id in unique:
        if application_id not in known:
            raise invalid(
                f"allowed_application_ids names an application {application_id!r} that does not "
                "exist. Check the id.",
                "allowed_application_ids",
            )
    return unique


def _check_module(name: str) -> None:
    if trainers.trainer(name) is None:
        raise bad(
            "invalid_model_file",
            f"The file is a model of the model_module {name!r:.200}, which this service does not "
            f"have: it could not be applied. It has {', '.join(trainers.names())}. Install the "
            "package that has the module and restart the service, or upload another model.",
            "body",
        )


def _new_row(owner_id: str, request: ModelCreate, checked: CheckedFile) -> Model:
    description = checked.description
    return Model(
        id=new_id(),
        application_id=owner_id,
        model_type=str(description.model_type),
        input_types=[str(kind) for kind in description.input_types],
        model_clazz=description.model_clazz,
        model_module=description.model_module,
        documentation=description.documentation,
        output_format=description.output_format,
        md5sum=checked.md5sum,
        size=checked.size,
        speed=None if description.speed is None else str(description.speed),
        tag_rows=[ModelTag(tag=tag) for tag in unique_tags(request.tags)],
        **_columns(request),
    )


def _columns(request: ModelCreate | ModelEdit) -> dict[str, Any]:
    """Return the values of the columns that a request sets, None in place of empty strings."""
    values = request.model_dump(exclude={"allowed_application_ids", "tags"}, exclude_none=True)
    return {name: None if value == "" else value for name, value in values.items()}


def _set_permissions(session: Session, row: Model, application_ids: Iterable[str]) -> None:
    rows = {permission.application_id: permission for permission in row.permission_rows}
    row.permission_rows = [
        rows.get(application_id) or ModelPermission(application_id=application_id)
        for application_id in check_applications(session, application_ids)
    ]


def _md5_of(file: Path) -> str:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()
