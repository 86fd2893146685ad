"""The tables: one class per kind of row. Times are UTC without zone, to the second."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from leia_nb.service.storage.json_column import Json


def new_id() -> str:
    """Return a new id of 24 hexadecimal digits; later ids sort after earlier ones."""
    return f"{time.time_ns() // 1000:014x}{secrets.token_hex(5)}"


def now() -> datetime:
    """Return the present UTC time without zone, to the second."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


class Table(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map: ClassVar = {
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        Any: Json,
    }


class AlwaysOnSchedule(Table):
    """When an application wants workers of its own: days 1 (Monday) to 7, from … to ….

    It is kept and shown; the embedded service has one pool of workers for everybody.
    """

    __tablename__ = "always_on_schedules"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    start_days: Mapped[list[int]]
    start_hour: Mapped[int]
    start_minute: Mapped[int]
    stop_hour: Mapped[int]
    stop_minute: Mapped[int]
    workers_model_ids: Mapped[list[str]] = mapped_column("model_ids")


class Application(Table):
    """Who may log in. The API key is kept as its SHA-256 only."""

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
    schedules: Mapped[list[AlwaysOnSchedule]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by=AlwaysOnSchedule.id,
    )


class Token(Table):
    """A login. The token is kept as its SHA-256 only."""

    __tablename__ = "tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    expires: Mapped[float]


class DocumentTag(Table):
    """One tag of one document."""

    __tablename__ = "document_tags"
    document_id: Mapped[str] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class DocumentSource(Table):
    """A document and one that it was made from, where `original_id` does not say so.

    The source may be gone: what was made from it stays when it is deleted by hand.
    """

    __tablename__ = "document_sources"
    document_id: Mapped[str] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    source_id: Mapped[str] = mapped_column(String(24), primary_key=True, index=True)


class Document(Table):
    """A document; its bytes are the blob of the same id."""

    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    creation_time: Mapped[datetime] = mapped_column(default=now)
    expiration_time: Mapped[datetime | None] = mapped_column(index=True)
    filename: Mapped[str]
    extension: Mapped[str | None]
    mime_type: Mapped[str | None]
    md5sum: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    original_id: Mapped[str | None] = mapped_column(index=True)
    page: Mapped[int | None]
    rotation_angle: Mapped[int | None]
    tag_rows: Mapped[list[DocumentTag]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by=DocumentTag.tag,
    )

    @property
    def tags(self) -> list[str]:
        """Its tags, sorted."""
        return [row.tag for row in self.tag_rows]


class ModelTag(Table):
    """One tag of one model."""

    __tablename__ = "model_tags"
    model_id: Mapped[str] = mapped_column(
        ForeignKey("models.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class ModelPermission(Table):
    """One application that may use a model it does not own."""

    __tablename__ = "model_permissions"
    model_id: Mapped[str] = mapped_column(
        ForeignKey("models.id", ondelete="CASCADE"), primary_key=True
    )
    application_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class Model(Table):
    """A model; its file is the blob of the same id."""

    __tablename__ = "models"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    creation_time: Mapped[datetime] = mapped_column(default=now)
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
    tag_rows: Mapped[list[ModelTag]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", passive_deletes=True, order_by=ModelTag.tag
    )
    permission_rows: Mapped[list[ModelPermission]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by=ModelPermission.application_id,
    )

    @property
    def tags(self) -> list[str]:
        """Its tags, sorted."""
        return [row.tag for row in self.tag_rows]

    @property
    def allowed_application_ids(self) -> list[str]:
        """The applications that may use it."""
        return [row.application_id for row in self.permission_rows]


class AnnotationTag(Table):
    """One tag of one annotation."""

    __tablename__ = "annotation_tags"
    annotation_id: Mapped[str] = mapped_column(
        ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class Annotation(Table):
    """What somebody says of a document; training learns from it."""

    __tablename__ = "annotations"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    document_id: Mapped[str] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    creation_time: Mapped[datetime] = mapped_column(default=now)
    annotation_type: Mapped[str]
    name: Mapped[str | None]
    prediction: Mapped[Any | None]
    tag_rows: Mapped[list[AnnotationTag]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by=AnnotationTag.tag,
    )

    @property
    def tags(self) -> list[str]:
        """Its tags, sorted."""
        return [row.tag for row in self.tag_rows]


class Job(Table):
    """A job. Below `result` are the service's own columns, which no answer shows.

    `request` keeps what was asked (tag, page range, model_params, training names …);
    `attempt` is the fencing number: only the holder of the newest attempt may finish
    the job. `owner` is the service instance that holds it, `heartbeat` its last sign
    of life in seconds since 1970; `deaths` counts the workers that died while they ran
    it, `service_deaths` the services. `callback_tries` counts deliveries, -1 = done.
    Of the jobs that are READY, those with a higher `priority` come first.
    """

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    submitter_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    creation_time: Mapped[datetime] = mapped_column(default=now)
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
    request: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    heartbeat: Mapped[float | None]
    deaths: Mapped[int] = mapped_column(default=0)
    service_deaths: Mapped[int] = mapped_column(default=0, server_default="0")
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    callback_tries: Mapped[int] = mapped_column(default=0)


Index("ix_jobs_listing", Job.creation_time, Job.id)
Index("ix_documents_listing", Document.creation_time, Document.id)
Index("ix_jobs_callbacks", Job.callback_tries)
Index("ix_jobs_claim", Job.status, Job.priority.desc(), Job.creation_time, Job.id)
Index("ix_jobs_parent", Job.parent_job_id)
Index("ix_jobs_type", Job.job_type, Job.status)
