"""Models: adding, finding, changing and deleting them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from leia_nb import packaging
from leia_nb.service import trainers
from leia_nb.service.api_errors import bad, meant, not_yours, unknown
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs, delete_on_commit, delete_on_rollback
from leia_nb.service.storage.model_rules import check_applications, check_name, check_short_name
from leia_nb.service.storage.tags import clean_tags

DEFAULT_TTL = 200


@dataclass(frozen=True)
class ModelDraft:
    """What the caller says of a new model; the rest is read out of its file.

    Parameters
    ----------
    application_id : str
        The application that will own the model.
    name : str
        The name, not empty.
    short_name : str or None
        A name to use in place of the id, unique: 1 to 100 of ``A-Z a-z 0-9 . _ -``.
    description : str or None
        Free text.
    ttl : int
        Seconds that a worker keeps the idle model loaded; negative = for ever.
    allowed_application_ids : tuple of str
        Other applications that may use the model.
    allow_all_applications : bool
        Whether every application may use it.
    tags : tuple of str
        Its tags.
    cores, memory : float or None
        What it wants to have: processor cores, gigabytes. They are kept and shown.
    always_on_workers : int or None
        How many workers should keep it loaded. It is kept and shown.
    """

    application_id: str
    name: str
    short_name: str | None = None
    description: str | None = None
    ttl: int = DEFAULT_TTL
    allowed_application_ids: tuple[str, ...] = ()
    allow_all_applications: bool = False
    tags: tuple[str, ...] = ()
    cores: float | None = None
    memory: float | None = None
    always_on_workers: int | None = None


@dataclass(frozen=True)
class ModelChanges:
    """What an edit changes; None leaves a field as it is.

    Parameters
    ----------
    name : str or None
        The new name, not empty.
    short_name : str or None
        The new short name; empty takes it away.
    description : str or None
        The new description; empty takes it away.
    ttl : int or None
        Seconds, see `ModelDraft`.
    allowed_application_ids : tuple of str or None
        The new list; an empty one clears it.
    allow_all_applications : bool or None
        Whether every application may use the model.
    cores, memory : float or None
        Processor cores and gigabytes, see `ModelDraft`.
    always_on_workers : int or None
        A number of workers, see `ModelDraft`.
    """

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
    """A model file that was looked at and found valid."""

    description: packaging.ModelDescription
    md5sum: str
    size: int


def check_model_file(file: Path, md5sum: str | None = None) -> CheckedFile:
    """Look at a model file without running anything in it.

    Parameters
    ----------
    file : pathlib.Path
        The file.
    md5sum : str or None
        Its MD5 in hexadecimal, when it is known already.

    Raises
    ------
    Refusal
        400 ``invalid_model_file`` with the reason in words.
    """
    try:
        description = packaging.read_description(file)
    except packaging.ModelFileError as error:
        raise bad(
            "invalid_model_file",
            f"The file is no model: {error}. Upload a file that leia.models.download or "
            "leia_nb.packaging.pack wrote.",
            "body",
        ) from None
    _check_module(description.model_module)
    return CheckedFile(description, md5sum or _md5_of(file), file.stat().st_size)


def _check_module(name: str) -> None:
    if trainers.trainer(name) is None:
        raise bad(
            "invalid_model_file",
            f"The file is a model of the model_module {name!r:.200}, which this service does not "
            f"have: it could not be applied. It has {', '.join(trainers.names())}. Install the "
            "package that has the module and start the service again, or upload another model.",
            "body",
        )


def add_model(
    session: Session,
    blobs: Blobs,
    file: Path,
    draft: ModelDraft,
    *,
    checked: CheckedFile | None = None,
) -> tables.Model:
    """Add a model: its file becomes a blob, then its row is written.

    If the session is rolled back afterwards, the blob is deleted again.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        A writing session.
    blobs : Blobs
        Where the file goes.
    file : pathlib.Path
        The model file; it is moved away.
    draft : ModelDraft
        What the caller says of the model.
    checked : CheckedFile or None
        The outcome of `check_model_file`, so that a large file need not be read
        while the session keeps other writers waiting.

    Returns
    -------
    tables.Model
        The row, flushed.

    Raises
    ------
    Refusal
        400 ``invalid_model_file``, ``name_empty``, ``short_name_invalid``,
        ``short_name_taken`` or ``invalid_parameter``.
    """
    checked = checked or check_model_file(file)
    row = _new_row(draft, checked)
    check_short_name(session, row.short_name)
    _set_permissions(session, row, draft.allowed_application_ids)
    blobs.adopt(file, row.id)
    delete_on_rollback(session, blobs, row.id)
    session.add(row)
    session.flush()
    return row


def visible_to(owner_id: str) -> ColumnElement[bool]:
    """Return the condition that an application owns a model or may use it."""
    permission = select(tables.ModelPermission.model_id).where(
        tables.ModelPermission.application_id == owner_id
    )
    return or_(
        tables.Model.application_id == owner_id,
        tables.Model.allow_all_applications,
        tables.Model.id.in_(permission),
    )


def named(id_or_short_name: str) -> ColumnElement[bool]:
    """Return the condition that a model has this id or short name."""
    return or_(tables.Model.id == id_or_short_name, tables.Model.short_name == id_or_short_name)


def visible_model(session: Session, owner_id: str, id_or_short_name: str) -> tables.Model | None:
    """Return the model of this id or short name, if the application may use it."""
    return session.scalar(select(tables.Model).where(named(id_or_short_name), visible_to(owner_id)))


def require_visible(
    session: Session, owner_id: str, id_or_short_name: str, *, forbids: bool = False
) -> tables.Model:
    """Return a model the application may use.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    owner_id : str
        The application.
    id_or_short_name : str
        The model.
    forbids : bool
        Whether a model that is not open to the application is refused with 403, not as
        unknown.

    Raises
    ------
    Refusal
        404 ``unknown_model`` or 403 ``not_yours``.
    """
    row = visible_model(session, owner_id, id_or_short_name)
    if row is not None:
        return row
    if forbids and session.scalar(select(tables.Model.id).where(named(id_or_short_name))):
        raise not_yours("model", id_or_short_name, "model_id")
    raise unknown(
        "model", id_or_short_name, _advice(session, owner_id, id_or_short_name), "model_id"
    )


def _advice(session: Session, owner_id: str, name: str) -> str:
    """Say what to give instead of what is neither a model's id nor its short name."""
    such = select(tables.Model).where(tables.Model.name == name, visible_to(owner_id)).limit(2)
    found = session.scalars(such).all()
    if not found:
        short_names = session.scalars(select(tables.Model.short_name).where(visible_to(owner_id)))
        similar = meant(name, [known for known in short_names if known])
        return f"{similar}List the models to see which there are."
    if len(found) > 1:
        return "Several have it as their name, which identifies none. List them, and take an id."
    which = f"short name {found[0].short_name!r}" if found[0].short_name else f"id {found[0].id!r}"
    return f"It is a model's name, which does not identify it. Take its {which}."


def require_own(session: Session, owner_id: str, id_or_short_name: str) -> tables.Model:
    """Return a model that the application owns, to change it.

    Raises
    ------
    Refusal
        404 ``unknown_model``, also for one that the application may only use.
    """
    row = require_visible(session, owner_id, id_or_short_name)
    if row.application_id == owner_id:
        return row
    raise unknown(
        "model", id_or_short_name, "The application may use it but does not own it.", "model_id"
    )


def edit_model(session: Session, row: tables.Model, changes: ModelChanges) -> None:
    """Change a model; what is None in `changes` stays.

    Raises
    ------
    Refusal
        400 ``name_empty``, ``short_name_invalid``, ``short_name_taken`` or
        ``invalid_parameter``.
    """
    if changes.name is not None:
        row.name = check_name(changes.name)
    if changes.short_name is not None:
        short_name = changes.short_name or None
        check_short_name(session, short_name, keeper=row.id)
        row.short_name = short_name
    if changes.description is not None:
        row.description = changes.description or None
    for field in ("ttl", "cores", "memory", "always_on_workers", "allow_all_applications"):
        if (value := getattr(changes, field)) is not None:
            setattr(row, field, value)
    if changes.allowed_application_ids is not None:
        _set_permissions(session, row, changes.allowed_application_ids)
    session.flush()


def delete_model(session: Session, blobs: Blobs, row: tables.Model) -> None:
    """Delete a model, and its file once that is committed."""
    session.delete(row)
    session.flush()
    delete_on_commit(session, blobs, [row.id])


def _new_row(draft: ModelDraft, checked: CheckedFile) -> tables.Model:
    said = checked.description
    return tables.Model(
        id=tables.new_id(),
        application_id=draft.application_id,
        name=check_name(draft.name),
        short_name=draft.short_name or None,
        description=draft.description or None,
        ttl=draft.ttl,
        allow_all_applications=draft.allow_all_applications,
        cores=draft.cores,
        memory=draft.memory,
        always_on_workers=draft.always_on_workers,
        model_type=str(said.model_type),
        input_types=[str(kind) for kind in said.input_types],
        model_clazz=said.model_clazz,
        model_module=said.model_module,
        documentation=said.documentation,
        output_format=said.output_format,
        md5sum=checked.md5sum,
        size=checked.size,
        speed=None if said.speed is None else str(said.speed),
        tag_rows=[tables.ModelTag(tag=tag) for tag in clean_tags(draft.tags)],
    )


def _set_permissions(session: Session, row: tables.Model, application_ids: Iterable[str]) -> None:
    wanted = check_applications(session, application_ids)
    kept = {p.application_id: p for p in row.permission_rows}
    row.permission_rows = [
        kept.get(identifier) or tables.ModelPermission(application_id=identifier)
        for identifier in wanted
    ]


def _md5_of(file: Path) -> str:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()
