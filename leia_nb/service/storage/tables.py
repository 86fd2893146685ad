"""The tables: one class per kind of row. Times are naive UTC, to the second."""

from __future__ import annotations

import json
import math
import secrets
import time
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import Dialect, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


def new_id() -> str:
    """Return a new id of 24 hexadecimal digits; later ids sort after earlier ones."""
    return f"{time.time_ns() // 1000:014x}{secrets.token_hex(5)}"


def now() -> datetime:
    """Return the current time as naive UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


class Json(TypeDecorator[Any]):
    """A column of JSON texts; NaN and the infinities are refused, and read as None."""

    impl = Text  # SQLite would turn a bare number in a numeric column into a float
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Return a value as text; None becomes NULL."""
        del dialect
        return None if value is None else json.dumps(value, allow_nan=False)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """Return the value of a text; older versions also stored bare numbers."""
        del dialect
        if isinstance(value, str):
            return json.loads(value, parse_constant=lambda _: None)
        return None if isinstance(value, float) and not math.isfinite(value) else value


class Table(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map: ClassVar = {
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        Any: Json,
    }


def _child_of(table: str, **options: Any) -> MappedColumn[str]:
    """Return the column with the id of the row that a row belongs to, and is deleted with."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), **options)


def _children(order: Any) -> Any:
    """Return the rows that belong to a row, in this order."""
    return relationship(
        cascade="all, delete-orphan", lazy="selectin", passive_deletes=True, order_by=order
    )


class _Owned:
    """What the objects of an application have in common."""

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    creation_time: Mapped[datetime] = mapped_column(default=now)


class _Tagged(_Owned):
    """What the objects that can be tagged have in common."""

    tag_rows: Any  # a list of DocumentTag, ModelTag or AnnotationTag

    @property
    def tags(self) -> list[str]:
        """Its tags, sorted."""
        return [row.tag for row in self.tag_rows]


class AlwaysOnSchedule(Table):
    """When an application wants dedicated workers; stored and shown only."""

    __tablename__ = "always_on_schedules"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = _child_of("applications", index=True)
    number: Mapped[int]
    start_days: Mapped[list[int]]
    start_hour: Mapped[int]
    start_minute: Mapped[int]
    stop_hour: Mapped[int]
    stop_minute: Mapped[int]
    workers_model_ids: Mapped[list[str]] = mapped_column("model_ids")


class Application(Table):
    """Who may log in. The API key is stored as SHA-256 only."""

    __tablename__ = "applications"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_name: Mapped[str | None]
    application_type: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    api_key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    default_job_callback_url: Mapped[str | None]
    creation_time: Mapped[datetime] = mapped_column(default=now)
    dedicated_workers: Mapped[bool] = mapped_column(default=False, server_default=false())
    dedicated_workers_ttl: Mapped[int | None]
    dedicated_workers_max_models: Mapped[int | None]
    reduce_callback_payloads: Mapped[bool] = mapped_column(default=False, server_default=false())
    schedules: Mapped[list[AlwaysOnSchedule]] = _children(AlwaysOnSchedule.id)


class Login(Table):
    """A login. Its token is stored as SHA-256 only."""

    __tablename__ = "tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    application_id: Mapped[str] = _child_of("applications")
    expires: Mapped[float]


class DocumentTag(Table):
    """One tag of one document."""

    __tablename__ = "document_tags"
    document_id: Mapped[str] = _child_of("documents", primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class DocumentSource(Table):
    """A document, and one that it was made from besides its `original_id`."""

    __tablename__ = "document_sources"
    document_id: Mapped[str] = _child_of("documents", primary_key=True)
    # no foreign key: what was made from a document stays when that is deleted
    source_id: Mapped[str] = mapped_column(String(24), primary_key=True, index=True)


class Document(_Tagged, Table):
    """A document; its bytes are the blob of the same id."""

    __tablename__ = "documents"
    expiration_time: Mapped[datetime | None] = mapped_column(index=True)
    filename: Mapped[str]
    extension: Mapped[str | None]
    mime_type: Mapped[str | None]
    md5sum: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    original_id: Mapped[str | None] = mapped_column(index=True)
    page: Mapped[int | None]
    rotation_angle: Mapped[int | None]
    tag_rows: Mapped[list[DocumentTag]] = _children(DocumentTag.tag)


class ModelTag(Table):
    """One tag of one model."""

    __tablename__ = "model_tags"
    model_id: Mapped[str] = _child_of("models", primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class ModelPermission(Table):
    """An application that may use a model of another one."""

    __tablename__ = "model_permissions"
    model_id: Mapped[str] = _child_of("models", primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class Model(_Tagged, Table):
    """A model; its file is the blob of the same id."""

    __tablename__ = "models"
    name: Mapped[str]
    short_name: Mapped[str | None] = mapped_column(unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    ttl: Mapped[int]
    allow_all_applications: Mapped[bool]
    model_type: Mapped[str]
    input_types: Mapped[list[str]]
    model_clazz: Mapped[str]
    model_module: Mapped[str]
    documentation: Mapped[str | None] = mapped_column(Text)
    output_format: Mapped[Any | None]
    md5sum: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    speed: Mapped[str | None]
    cores: Mapped[float | None]
    memory: Mapped[float | None]
    always_on_workers: Mapped[int | None]
    tag_rows: Mapped[list[ModelTag]] = _children(ModelTag.tag)
    permission_rows: Mapped[list[ModelPermission]] = _children(ModelPermission.application_id)

    @property
    def allowed_application_ids(self) -> list[str]:
        """The applications that may use it."""
        return [row.application_id for row in self.permission_rows]


class AnnotationTag(Table):
    """One tag of one annotation."""

    __tablename__ = "annotation_tags"
    annotation_id: Mapped[str] = _child_of("annotations", primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class Annotation(_Tagged, Table):
    """A statement about a document; training learns from it."""

    __tablename__ = "annotations"
    document_id: Mapped[str] = _child_of("documents", index=True)
    annotation_type: Mapped[str]
    name: Mapped[str | None]
    prediction: Mapped[Any | None]
    tag_rows: Mapped[list[AnnotationTag]] = _children(AnnotationTag.tag)


class Job(_Owned, Table):
    """A job; the columns below `result` are internal."""

    __tablename__ = "jobs"
    submitter_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    starting_time: Mapped[datetime | None]
    finished_time: Mapped[datetime | None]
    job_type: Mapped[str]
    model_id: Mapped[str | None] = mapped_column(index=True)
    document_ids: Mapped[list[str]]
    status: Mapped[str] = mapped_column(index=True)
    execute_after_id: Mapped[str | None] = mapped_column(index=True)
    parent_job_id: Mapped[str | None]
    callback_url: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(Text)
    result_type: Mapped[str | None]
    result: Mapped[Any | None]
    request: Mapped[dict[str, Any]] = mapped_column(default=dict)  # tag, model_params, names …
    # the fencing number: only the worker with the newest attempt may finish the job
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]  # the service instance that runs it
    heartbeat: Mapped[float | None]  # seconds since 1970
    deaths: Mapped[int] = mapped_column(default=0)  # of workers that ran it
    service_deaths: Mapped[int] = mapped_column(default=0, server_default="0")
    priority: Mapped[int] = mapped_column(default=0, server_default="0")  # higher starts first
    callback_tries: Mapped[int] = mapped_column(default=0)  # -1 = done


Index("ix_jobs_listing", Job.creation_time, Job.id)
Index("ix_documents_listing", Document.creation_time, Document.id)
Index("ix_jobs_callbacks", Job.callback_tries)
Index("ix_jobs_claim", Job.status, Job.priority.desc(), Job.creation_time, Job.id)
Index("ix_jobs_parent", Job.parent_job_id)
Index("ix_jobs_type", Job.job_type, Job.status)
