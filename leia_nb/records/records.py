"""LEIA's objects as frozen records.

A record keeps what a newer LEIA adds: unknown fields are in `extra`, unknown enumeration
values stay plain strings.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, Self, cast, get_args, get_origin, get_type_hints

from leia_nb.enums import (
    AnnotationType,
    ApplicationType,
    JobStatus,
    JobType,
    ModelInputType,
    ModelType,
    ResultType,
    Speed,
    known,
)
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records import html_repr

_Reader = Callable[[Any], Any]


def _time(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _reader(kind: Any) -> _Reader:
    """Return the function that converts a JSON value (never null) to a field of this type."""
    kinds = [part for part in get_args(kind) if part not in (NoneType, Ellipsis)]
    if get_origin(kind) is tuple:
        read_item = _reader(kinds[0])
        return lambda values: tuple(read_item(value) for value in values)
    if kinds:
        return _reader(kinds[0])
    if kind is datetime:
        return _time
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda value: known(kind, str(value))
    return kind if kind in (str, int, float, bool) else lambda value: value


@cache
def _readers(record: Any) -> dict[str, _Reader]:
    hints = get_type_hints(record)
    return {
        column.name: _reader(hints[column.name])
        for column in fields(record)
        if column.name != "extra"
    }


@dataclass(frozen=True, repr=False)
class Record:
    """The base of every record.

    Attributes
    ----------
    extra : mapping
        Fields from LEIA that this version does not know.
    """

    extra: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False, kw_only=True)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Create a record from LEIA's JSON.

        Parameters
        ----------
        data : dict
            The decoded JSON object; null counts as missing.

        Returns
        -------
        Self
            The record.

        Raises
        ------
        UnexpectedAnswer
            If it is not an object, a required field is missing, or a value has the wrong type.

        Examples
        --------
        >>> Classification.from_json({"category": "3", "score": 0.9, "accuracy": 0.97})
        Classification(category='3', score=0.9, accuracy=0.97)
        """
        if not isinstance(data, Mapping):
            raise UnexpectedAnswer(
                f"Expected the JSON object of {with_article(cls.__name__)} from LEIA, "
                f"got {with_article(type(data).__name__)}."
            )
        readers = _readers(cast("Hashable", cls))
        values = {
            name: cls._value(name, reader, data[name])
            for name, reader in readers.items()
            if data.get(name) is not None
        }
        missing = [
            column.name
            for column in fields(cls)
            if column.name in readers and column.name not in values and column.default is MISSING
        ]
        if missing:
            raise UnexpectedAnswer(
                f"LEIA returned {with_article(cls.__name__)} without {', '.join(missing)}."
            )
        extra = {name: value for name, value in data.items() if name not in readers}
        return cls(**values, extra=extra)

    @classmethod
    def _value(cls, name: str, reader: _Reader, value: Any) -> Any:
        with suppress(TypeError, ValueError, OverflowError):
            return reader(value)
        raise UnexpectedAnswer(
            f"LEIA returned {with_article(cls.__name__)} with an invalid {name!r}."
        )

    def _shown(self) -> list[tuple[str, Any]]:
        names = [column.name for column in fields(self) if column.repr]
        pairs = [(name, getattr(self, name)) for name in names]
        return [(name, value) for name, value in pairs if value is not None and value != ()]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={_short(_plain(value))}" for name, value in self._shown())
        return f"{type(self).__name__}({values})"

    def _repr_html_(self) -> str:
        return html_repr.other(type(self).__name__, self._shown())


def with_article(noun: str) -> str:
    """Return a noun with its article, as in "an Application"."""
    return f"{'an' if noun[0] in 'AEIOUaeiou' else 'a'} {noun}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    return str(value) if isinstance(value, str) else value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


@dataclass(frozen=True, repr=False)
class Model(Record):
    """A model. Times are UTC, `size` is in bytes, `ttl` in seconds, `memory` in GB."""

    id: str
    name: str
    model_type: ModelType | str
    model_module: str
    model_clazz: str
    input_types: tuple[ModelInputType | str, ...]
    size: int
    creation_time: datetime
    application_id: str | None = None
    short_name: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    ttl: int | None = None
    allow_all_applications: bool | None = None
    allowed_application_ids: tuple[str, ...] = ()
    documentation: str | None = None
    output_format: Any = field(default=None, hash=False)
    md5sum: str | None = None
    speed: Speed | str | None = None
    always_on_workers: int | None = None
    cores: float | None = None
    memory: float | None = None

    def _repr_html_(self) -> str:
        return html_repr.model(self)


@dataclass(frozen=True, repr=False)
class Document(Record):
    """A document. Times are UTC, `size` is in bytes, `rotation_angle` in degrees."""

    id: str
    filename: str
    application_id: str
    creation_time: datetime
    extension: str | None = None
    mime_type: str | None = None
    size: int | None = None
    md5sum: str | None = None
    tags: tuple[str, ...] = ()
    original_id: str | None = None
    page: int | None = None
    rotation_angle: int | None = None
    expiration_time: datetime | None = None

    def _repr_html_(self) -> str:
        return html_repr.document(self)


@dataclass(frozen=True, repr=False)
class Annotation(Record):
    """A label of a document; `prediction` is any JSON value."""

    id: str
    document_id: str
    annotation_type: AnnotationType | str
    application_id: str
    creation_time: datetime
    name: str | None = None
    prediction: Any = field(default=None, hash=False)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Application(Record):
    """An application of LEIA, e.g. the logged-in one. Times are UTC.

    `api_key` is set only in the response that created it, and is shown neither in a notebook
    nor by `repr`. `dedicated_workers_ttl` is in seconds. `always_on_schedules` are LEIA's JSON
    objects, each with its ``id``.
    """

    application_type: ApplicationType | str
    email: str
    first_name: str
    last_name: str
    id: str | None = None
    application_name: str | None = None
    creation_time: datetime | None = None
    default_job_callback_url: str | None = None
    dedicated_workers: bool | None = None
    dedicated_workers_max_models: int | None = None
    dedicated_workers_ttl: int | None = None
    reduce_callback_payloads: bool | None = None
    always_on_schedules: tuple[Any, ...] = field(default=(), hash=False)
    job_counts: Any = field(default=None, hash=False)
    api_key: str | None = field(default=None, repr=False)

    @property
    def is_admin(self) -> bool:
        """Whether this login may use the admin calls."""
        return self.application_type == ApplicationType.ADMIN

    def _shown(self) -> list[tuple[str, Any]]:
        hidden = [("api_key", "*** (only now: .api_key)")] if self.api_key else []
        return [*super()._shown(), *hidden]

    def _repr_html_(self) -> str:
        return html_repr.application(self)


@dataclass(frozen=True, repr=False)
class Worker(Record):
    """The workers that run jobs of one type: their number and the status of each."""

    job_type: JobType | str
    number: int
    statuses: tuple[JobStatus | str, ...] = ()

    def _repr_html_(self) -> str:
        return html_repr.worker(self)


@dataclass(frozen=True, repr=False)
class Classification(Record):
    """The category of a document.

    `score` is the probability of the category, `accuracy` the measured accuracy of the model;
    both are from 0 to 1.
    """

    category: str
    score: float
    accuracy: float | None = None


@dataclass(frozen=True, repr=False)
class JobRecord(Record):
    """A job as LEIA last reported it; times are UTC."""

    id: str
    job_type: JobType | str
    status: JobStatus | str
    application_id: str
    creation_time: datetime
    document_ids: tuple[str, ...]
    model_id: str | None = None
    starting_time: datetime | None = None
    finished_time: datetime | None = None
    execute_after_id: str | None = None
    parent_job_id: str | None = None
    callback_url: str | None = None
    reason: str | None = None
    result_type: ResultType | str | None = None
    result: Any = field(default=None, hash=False)

    @property
    def is_over(self) -> bool:
        """Whether the job has finished."""
        return isinstance(self.status, JobStatus) and self.status.is_over

    def _repr_html_(self) -> str:
        return html_repr.job(self)
