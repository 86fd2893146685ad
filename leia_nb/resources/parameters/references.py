"""References to objects: ids, records, job handles, and DataFrames, rows or columns of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.records import frames
from leia_nb.records.records import (
    Annotation,
    Application,
    Document,
    JobRecord,
    Model,
    Record,
    with_article,
)

_RECORDS: dict[str, type[Record]] = {
    "model": Model,
    "document": Document,
    "annotation": Annotation,
    "application": Application,
    "job": JobRecord,
}
_TYPE_COLUMNS = {  # a column that only the listing of this kind has
    "model": "model_module",
    "document": "mime_type",
    "annotation": "annotation_type",
    "job": "job_type",
    "application": "application_type",
}
_ROW_LABELS = {"application_id", "filename", "category", *_TYPE_COLUMNS.values()}
"""Columns of listings, of `load_papers` and of classifications; their rows have these labels."""

_LISTINGS = (
    frames.MODELS,
    frames.DOCUMENTS,
    frames.ANNOTATIONS,
    frames.JOBS,
    frames.APPLICATIONS,
)
_COLUMNS_WITHOUT_IDS = {
    name for listing in _LISTINGS for name in listing if not name.endswith(("_id", "_ids"))
}
_CREATE_FROM_FILE = {
    "model": "leia.models.create(file, name)",
    "document": "leia.documents.upload(file)",
}


@dataclass(frozen=True)
class Reference:
    """An object of LEIA.

    Parameters
    ----------
    id : str
        Its id (or a model's short name).
    application_id : str, optional
        Its owner, if known.
    record : Record, optional
        Its record, if known.
    """

    id: str
    application_id: str | None = None
    record: Record | None = None


class Handle:
    """The base of job handles; it has a `reference` to the job."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference


def reference(value: Any, kind: str) -> Reference:
    """Return the reference to exactly one object; see `references`.

    Raises
    ------
    InvalidInput
        If the value refers to no object, several objects or another kind of object.
    """
    found = references(value, kind)
    if len(found) != 1:
        tagging = '; to tag all: leia.documents.list(…, tag_result="x")'
        raise InvalidInput(
            f"Expected one {kind}, got {len(found)}. Pass one, or loop over their ids"
            f"{tagging if kind == 'document' else ''}.",
            field=f"{kind}_id",
        )
    return found[0]


def references(value: Any, kind: str) -> list[Reference]:
    """Return the references to at least one object, in order.

    Parameters
    ----------
    value : str, record, job handle, frame, series, or an iterable of those
        The objects. A frame refers to them by its index or column ``document_id``
        (``model_id`` …), else ``id``.
    kind : str
        ``"model"``, ``"document"``, ``"job"`` …

    Raises
    ------
    InvalidInput
        If the value is empty or refers to another kind of object.
    """
    found = _parse(value, kind)
    if not found:
        raise InvalidInput(f"Expected at least one {kind}, got none.", field=f"{kind}_id")
    return found


def optional_id(value: Any, kind: str) -> str | None:
    """Return the id of exactly one object, or None for None."""
    return None if value is None else reference(value, kind).id


def ids_or_none(value: Any, kind: str) -> list[str] | None:
    """Return the ids of any number of objects, or None for None."""
    return None if value is None else [found.id for found in _parse(value, kind)]


def _parse(value: Any, kind: str) -> list[Reference]:
    if isinstance(value, str):
        return [Reference(_valid_id(value, kind))]
    if isinstance(value, Record):
        return [_from_record(value, kind)]
    if isinstance(value, Handle):
        if kind != "job":
            job = f"the job {value.reference.id}"
            raise _unexpected(kind, job, "Pass its result: job.result().")
        return [value.reference]
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return _from_frame(value, kind)
    if pandas is not None and isinstance(value, pandas.Series):
        return _from_series(value, kind)
    if isinstance(value, tuple) and "Index" in getattr(value, "_fields", ()):
        raise _unexpected(kind, "a row of itertuples()", "Pass row.Index.")
    if isinstance(value, Iterable) and not isinstance(value, Mapping | bytes):
        return [found for item in value for found in _parse(item, kind)]
    if value is not None and _is_missing(value):
        return [Reference(_valid_id(value, kind))]
    got = "None" if value is None else with_article(type(value).__name__)
    raise _unexpected(kind, got, _advice(value, kind))


def _unexpected(kind: str, got: str, advice: str) -> InvalidInput:
    return InvalidInput(f"Expected {with_article(kind)}, got {got}. {advice}", field=f"{kind}_id")


def _advice(value: Any, kind: str) -> str:
    if isinstance(value, os.PathLike | bytes) and kind in _CREATE_FROM_FILE:
        return _create_from_file(kind)
    if isinstance(value, Mapping):
        return "Pass its 'id'." if "id" in value else "Pass its values: list(….values())."
    return f"Pass an id, {with_article(kind)}, or a DataFrame of {kind}s."


def _create_from_file(kind: str) -> str:
    return f"Create {with_article(kind)} from the file first: {_CREATE_FROM_FILE[kind]}."


def _from_record(record: Record, kind: str) -> Reference:
    record_id = getattr(record, "id", None)
    if not isinstance(record, _RECORDS[kind]):
        name = with_article(type(record).__name__.removesuffix("Record"))
        raise _unexpected(kind, f"{name} ({record_id})", _advice(record, kind))
    return Reference(_valid_id(record_id, kind), getattr(record, "application_id", None), record)


def _from_frame(frame: Any, kind: str) -> list[Reference]:
    _check_kind("a listing", frame.columns, kind)
    for name in (f"{kind}_id", "id"):
        if frame.index.name == name or name in frame.columns:
            ids = list(frame.index if frame.index.name == name else frame[name])
            owned = "application_id" in frame.columns
            owners = list(frame["application_id"]) if owned else [None] * len(ids)
            cells = zip(ids, owners, strict=True)
            return [found for cell in cells for found in _from_cell(*cell, kind)]
    raise InvalidInput(
        f"The DataFrame has neither an index nor a column named '{kind}_id' or 'id'. "
        "Pass a listing, or the column with the ids.",
        field=f"{kind}_id",
    )


def _from_series(series: Any, kind: str) -> list[Reference]:
    """Return the objects of a column of ids, or the one of a row of a frame."""
    labels = {label for label in series.index if isinstance(label, str)}
    if not _ROW_LABELS.isdisjoint(labels) and (isinstance(series.name, str) or "id" in labels):
        return _from_row(series, labels, kind)
    is_short_name = kind == "model" and series.name == "short_name"
    if series.name in _COLUMNS_WITHOUT_IDS and not is_short_name:
        raise InvalidInput(
            f"The column {series.name!r} does not contain {kind} ids. Pass the DataFrame itself, "
            "or its index.",
            field=f"{kind}_id",
        )
    return [found for cell in series for found in _from_cell(cell, None, kind)]


def _from_row(row: Any, labels: set[str], kind: str) -> list[Reference]:
    _check_kind("a row of a listing", labels, kind)
    owner = row.get("application_id")
    if f"{kind}_id" in labels:
        return _from_cell(row[f"{kind}_id"], owner, kind)
    return _from_cell(row.name if isinstance(row.name, str) else row["id"], owner, kind)


def _from_cell(value: Any, owner: Any, kind: str) -> list[Reference]:
    """Return what a cell of a frame refers to: an id, or objects themselves."""
    if isinstance(value, Record | Handle | list | tuple):
        return _parse(value, kind)
    return [Reference(_valid_id(value, kind), owner if isinstance(owner, str) else None)]


def _check_kind(got: str, columns: Iterable[Any], kind: str) -> None:
    """Reject the listing of another kind, so that nobody deletes the owner of documents."""
    names = set(columns)
    if _TYPE_COLUMNS[kind] in names:
        return
    for other, column in _TYPE_COLUMNS.items():
        if column in names:
            column_of_ids = f"{kind}_id"
            accepted = (
                f"its {column_of_ids!r}" if column_of_ids in names else f"a listing of {kind}s"
            )
            raise _unexpected(kind, f"{got} of {other}s", f"Pass {accepted}, or an id.")


def _valid_id(value: Any, kind: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text and _is_missing(value):
        raise InvalidInput(f"The {kind} id is empty or missing.", field=f"{kind}_id")
    if kind == "application" and "@" in text:
        raise InvalidInput(
            f"{text!r} is an e-mail address, not an application id. Find the application with "
            f"leia.applications.list(email={text!r}).",
            field="application_id",
        )
    is_invalid = any(character in text for character in "/,?#\\") or not text.isprintable()
    if not text or text in (".", "..") or is_invalid:
        is_file = kind in _CREATE_FROM_FILE and PurePath(text).suffix
        advice = _create_from_file(kind) if is_file else "Pass the id that LEIA shows."
        raise InvalidInput(
            f"{text or value!r} is not a valid {kind} id. {advice}", field=f"{kind}_id"
        )
    return text


def _is_missing(value: Any) -> bool:
    """Return whether a value is a string, None or a missing value of pandas."""
    if value is None or isinstance(value, str):
        return True
    is_nan = isinstance(value, float) and value != value
    return is_nan or type(value).__name__ in ("NAType", "NaTType")
