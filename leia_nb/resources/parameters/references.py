"""Wherever an id goes, its object or a DataFrame (column) of them goes too."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.records.records import (
    Annotation,
    Application,
    Document,
    JobRecord,
    Model,
    Record,
    with_article,
)
from leia_nb.resources.parameters.frame_ids import of_frame, of_series

_RECORDS: dict[str, type[Record]] = {
    "model": Model,
    "document": Document,
    "annotation": Annotation,
    "application": Application,
    "job": JobRecord,
}


@dataclass(frozen=True)
class Reference:
    """An object of LEIA.

    Parameters
    ----------
    id : str
        Its id (or a model's short name).
    application_id : str, optional
        Whose it is, if that is known.
    record : Record, optional
        The record itself, if one was given.
    """

    id: str
    application_id: str | None = None
    record: Record | None = None


class Handle:
    """The base of job handles: it knows its `reference` without asking LEIA.

    Parameters
    ----------
    reference : Reference
        The job.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference


def reference(value: Any, what: str) -> Reference:
    """Return the one object that a value stands for.

    Parameters
    ----------
    value : str, record, job handle, or a frame or series of one row
        What the user gave.
    what : str
        ``"model"``, ``"document"``, ``"job"`` …

    Raises
    ------
    InvalidInput
        If it stands for none or several, or for another kind of object.
    """
    found = references(value, what)
    if len(found) != 1:
        raise InvalidInput(
            f"{len(found)} {what}s are given where one belongs. Pick one, or make a loop over "
            f"their ids{_FOR_ALL.get(what, '')}.",
            field=f"{what}_id",
        )
    return found[0]


_FOR_ALL = {"document": '; a tag for all: leia.documents.list(…, tag_result="x")'}


def references(value: Any, what: str) -> list[Reference]:
    """Return the objects that a value stands for, in order.

    Parameters
    ----------
    value : str, record, job handle, frame, series, or an iterable of those
        What the user gave. Of a frame, ``document_id`` (``model_id`` …) counts, be it the
        index or a column, else ``id``.
    what : str
        ``"model"``, ``"document"``, ``"job"`` …

    Raises
    ------
    InvalidInput
        If it is empty, or stands for another kind of object.
    """
    found = _read(value, what)
    if not found:
        raise InvalidInput(f"No {what} is given. Give at least one.", field=f"{what}_id")
    return found


def optional_id(value: Any, what: str) -> str | None:
    """Return the id of the one object that a filter stands for, None if it is not given."""
    return None if value is None else reference(value, what).id


def ids_or_none(value: Any, what: str) -> list[str] | None:
    """Return the ids of the objects of a list that may be empty, None if it is not given."""
    if value is None:
        return None
    return [one.id for one in _read(value, what)]


def _read(value: Any, what: str) -> list[Reference]:
    if isinstance(value, str):
        return [Reference(_checked(value, what))]
    if isinstance(value, Record):
        return [_of_record(value, what)]
    if isinstance(value, Handle):
        return [_of_handle(value, what)]
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return [one for cell in of_frame(value, what) for one in _of_cell(*cell, what)]
    if pandas is not None and isinstance(value, pandas.Series):
        return [one for cell in of_series(value, what) for one in _of_cell(*cell, what)]
    if isinstance(value, tuple) and "Index" in getattr(value, "_fields", ()):
        raise InvalidInput(
            f"A row of itertuples() is given where {with_article(what)} belongs. Give row.Index.",
            field=f"{what}_id",
        )
    if isinstance(value, Iterable) and not isinstance(value, Mapping | bytes):
        return [one for part in value for one in _read(part, what)]
    if value is not None and _is_missing(value):
        _checked(value, what)
    given = "None" if value is None else with_article(type(value).__name__)
    raise InvalidInput(
        f"{given[0].upper()}{given[1:]} is given where {with_article(what)} belongs. "
        f"{_way_out(value, what)}",
        field=f"{what}_id",
    )


def _way_out(value: Any, what: str) -> str:
    if isinstance(value, os.PathLike | bytes) and what in _FROM_FILES:
        return _of_file(what)
    if isinstance(value, Mapping):
        return "Give its 'id'." if "id" in value else "Give its values: list(….values())."
    return f"Give an id, {with_article(what)}, or a DataFrame of them."


_FROM_FILES = {
    "model": "leia.models.create(file, name)",
    "document": "leia.documents.upload(file)",
}


def _of_file(what: str) -> str:
    return f"Of a file make {with_article(what)} first: {_FROM_FILES[what]}."


def _of_handle(handle: Handle, what: str) -> Reference:
    if what != "job":
        raise InvalidInput(
            f"The job {handle.reference.id} is given where {with_article(what)} belongs. Give what "
            "it made: job.result().",
            field=f"{what}_id",
        )
    return handle.reference


def _of_record(record: Record, what: str) -> Reference:
    if not isinstance(record, _RECORDS[what]):
        given = type(record).__name__.removesuffix("Record")
        raise InvalidInput(
            f"A{with_article(given)[1:]} ({getattr(record, 'id', None)}) is given where "
            f"{with_article(what)} belongs. {_way_out(record, what)}",
            field=f"{what}_id",
        )
    record_id = _checked(getattr(record, "id", None), what)
    return Reference(record_id, getattr(record, "application_id", None), record)


def _of_cell(value: Any, owner: str | None, what: str) -> list[Reference]:
    """Return what one place of a frame stands for: an id, or objects themselves."""
    if isinstance(value, Record | Handle | list | tuple):
        return _read(value, what)
    return [Reference(_checked(value, what), owner)]


def _checked(value: Any, what: str) -> str:
    found = str(value).strip() if isinstance(value, str) else ""
    if not found and _is_missing(value):
        raise InvalidInput(
            f"The id of {with_article(what)} is empty or missing. Give it.", field=f"{what}_id"
        )
    if what == "application" and "@" in found:
        raise InvalidInput(
            f"{found!r} is an e-mail address, not the id of an application. Find the application: "
            f"leia.applications.list(email={found!r}).",
            field="application_id",
        )
    odd = any(sign in found for sign in "/,?#\\") or not found.isprintable()
    if not found or found in (".", "..") or odd:
        is_file = what in _FROM_FILES and PurePath(found).suffix
        way_out = _of_file(what) if is_file else "Give the id that LEIA shows."
        raise InvalidInput(
            f"{found or value!r} is no id of {with_article(what)}. {way_out}", field=f"{what}_id"
        )
    return found


def _is_missing(value: Any) -> bool:
    """Tell whether it is nothing, or what pandas puts where nothing is."""
    if value is None or isinstance(value, str):
        return True
    nan = isinstance(value, float) and value != value
    return nan or type(value).__name__ in ("NAType", "NaTType")
