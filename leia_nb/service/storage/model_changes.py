"""Models: adding, changing and deleting them, and what their names may be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from leia_nb import packaging
from leia_nb.service import trainers
from leia_nb.service.api_errors import bad
from leia_nb.service.storage.blobs import Blobs, delete_on_commit, delete_on_rollback
from leia_nb.service.storage.tables import (
    Application,
    Model,
    ModelPermission,
    ModelTag,
    is_id,
    new_id,
)
from leia_nb.service.storage.tags import clean_tags

DEFAULT_TTL = 200
_SHORT_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LONGEST_NAME = 1000


@dataclass(frozen=True)
class ModelDraft:
    """A new model, as the caller describes it; the rest is read from its file."""

    application_id: str  # the owner
    name: str
    short_name: str | None = None
    description: str | None = None
    ttl: int = DEFAULT_TTL  # seconds that a worker keeps the idle model loaded; negative = no limit
    allowed_application_ids: tuple[str, ...] = ()
    allow_all_applications: bool = False
    tags: tuple[str, ...] = ()
    cores: float | None = None  # stored and shown only, as are memory and always_on_workers
    memory: float | None = None  # gigabytes
    always_on_workers: int | None = None


@dataclass(frozen=True)
class ModelChanges:
    """What an edit changes; None leaves a field as it is, an empty text removes it."""

    name: str | None = None
    short_name: str | None = None
    description: str | None = None
    ttl: int | None = None
    allowed_application_ids: tuple[str, ...] | None = None
    allow_all_applications: bool | None = None
    cores: float | None = None
    memory: float | None = None
    always_on_workers: int | None = None


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
    session: Session, blobs: Blobs, file: Path, draft: ModelDraft, checked: CheckedFile
) -> Model:
    """Add a model: its file becomes a blob, which a rollback deletes again."""
    row = _new_row(draft, checked)
    check_short_name(session, row.short_name)
    _set_permissions(session, row, draft.allowed_application_ids)
    blobs.adopt(file, row.id)
    delete_on_rollback(session, blobs, row.id)
    session.add(row)
    session.flush()
    return row


def edit_model(session: Session, row: Model, changes: ModelChanges) -> None:
    """Change a model."""
    if changes.name is not None:
        row.name = check_name(changes.name)
    if changes.short_name is not None:
        short_name = changes.short_name or None
        check_short_name(session, short_name, own_id=row.id)
        row.short_name = short_name
    if changes.description is not None:
        row.description = changes.description or None
    for field in ("ttl", "cores", "memory", "always_on_workers", "allow_all_applications"):
        if (value := getattr(changes, field)) is not None:
            setattr(row, field, value)
    if changes.allowed_application_ids is not None:
        _set_permissions(session, row, changes.allowed_application_ids)
    session.flush()


def delete_model(session: Session, blobs: Blobs, row: Model) -> None:
    """Delete a model and, after the commit, its file."""
    session.delete(row)
    session.flush()
    delete_on_commit(session, blobs, [row.id])


def check_name(name: str, field: str = "name") -> str:
    """Return the name, or refuse an empty one (``name_empty``) or a too long one with 400."""
    if not name.strip():
        raise bad("name_empty", f"The model's {field} is empty. Enter a name.", field)
    if len(name) > _LONGEST_NAME:
        length = f"The model's {field} has {len(name)} characters; at most {_LONGEST_NAME:,}"
        raise bad("invalid_parameter", f"{length} are allowed. Shorten it.", field)
    return name


def check_short_name(
    session: Session, short_name: str | None, *, own_id: str | None = None
) -> None:
    """Refuse a short name that is malformed or another model's with 400."""
    if short_name is None:
        return
    if not _SHORT_NAME.fullmatch(short_name) or not short_name.strip(".") or is_id(short_name):
        raise bad(
            "short_name_invalid",
            f"{short_name[:120]!r} cannot be a short name. Use 1 to 100 of the characters "
            "A-Z a-z 0-9 . _ - that are not just dots and do not look like an id.",
            "short_name",
        )
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
            raise bad(
                "invalid_parameter",
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


def _new_row(draft: ModelDraft, checked: CheckedFile) -> Model:
    description = checked.description
    return Model(
        id=new_id(),
        application_id=draft.application_id,
        name=check_name(draft.name),
        short_name=draft.short_name or None,
        description=draft.description or None,
        ttl=draft.ttl,
        allow_all_applications=draft.allow_all_applications,
        cores=draft.cores,
        memory=draft.memory,
        always_on_workers=draft.always_on_workers,
        model_type=str(description.model_type),
        input_types=[str(kind) for kind in description.input_types],
        model_clazz=description.model_clazz,
        model_module=description.model_module,
        documentation=description.documentation,
        output_format=description.output_format,
        md5sum=checked.md5sum,
        size=checked.size,
        speed=None if description.speed is None else str(description.speed),
        tag_rows=[ModelTag(tag=tag) for tag in clean_tags(draft.tags)],
    )


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
