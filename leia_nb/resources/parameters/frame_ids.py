"""Which objects a DataFrame, a row of it or one of its columns stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.records import frames
from leia_nb.records.records import with_article

Found = list[tuple[Any, str | None]]
"""What stands in the place of an id, and whose it is if that is known."""

_MARKS = {  # a column that only this kind of listing has
    "model": "model_module",
    "document": "mime_type",
    "annotation": "annotation_type",
    "job": "job_type",
    "application": "application_type",
}
_ROW = {"application_id", "filename", "category", *_MARKS.values()}
"""Columns of listings, of `load_papers` and of classifications, by which their rows are known."""

_LISTINGS = (
    frames.MODELS,
    frames.DOCUMENTS,
    frames.ANNOTATIONS,
    frames.JOBS,
    frames.APPLICATIONS,
)
_NO_IDS = {name for listing in _LISTINGS for name in listing if not name.endswith(("_id", "_ids"))}


def of_frame(frame: Any, what: str) -> Found:
    """Return the objects of a frame, by its index or column ``model_id`` …, else ``id``.

    Parameters
    ----------
    frame : pandas.DataFrame
        A listing, or another frame that names objects.
    what : str
        ``"model"``, ``"document"``, ``"job"`` …

    Raises
    ------
    InvalidInput
        If it has no such index or column, or lists another kind of objects.
    """
    other = _other_kind(frame.columns, what)
    if other is not None:
        raise _misplaced(f"A listing of {other}s", what, frame.columns)
    for name in (f"{what}_id", "id"):
        if frame.index.name == name or name in frame.columns:
            ids = list(frame.index if frame.index.name == name else frame[name])
            owners = _owners(frame) or [None] * len(ids)
            return list(zip(ids, owners, strict=True))
    raise InvalidInput(
        f"The DataFrame has neither an index nor a column named '{what}_id' or 'id'. "
        "Give a listing, or the column of ids itself.",
        field=f"{what}_id",
    )


def of_series(series: Any, what: str) -> Found:
    """Return the objects of a column of ids, or the one of a row of a frame; as `of_frame`."""
    labels = {label for label in series.index if isinstance(label, str)}
    if not _ROW.isdisjoint(labels) and (isinstance(series.name, str) or "id" in labels):
        return [_of_row(series, labels, what)]
    if series.name in _NO_IDS and not (what == "model" and series.name == "short_name"):
        raise InvalidInput(
            f"The column {series.name!r} is given where the ids of {what}s belong. Give the "
            "DataFrame itself, or its index.",
            field=f"{what}_id",
        )
    return [(one, None) for one in series]


def _of_row(row: Any, labels: set[str], what: str) -> tuple[Any, str | None]:
    other = _other_kind(labels, what)
    if other is not None:
        raise _misplaced(f"A row of a listing of {other}s", what, labels)
    owner = _text(row.get("application_id"))
    if f"{what}_id" in labels:
        return row[f"{what}_id"], owner
    return (row.name if isinstance(row.name, str) else row["id"]), owner


def _other_kind(names: Iterable[Any], what: str) -> str | None:
    """Return of which kind the objects of a listing are, None if they may be what is wanted."""
    there = set(names)
    if _MARKS[what] in there:
        return None
    return next((kind for kind, mark in _MARKS.items() if mark in there), None)


def _misplaced(given: str, what: str, names: Iterable[Any]) -> InvalidInput:
    """Return the error for another kind of objects: to delete them by mistake would be bad."""
    ids = f"{what}_id"
    way_out = f"Give its {ids!r}" if ids in names else f"Give a listing of {what}s"
    return InvalidInput(
        f"{given} is given where {with_article(what)} belongs. {way_out}, or an id.", field=ids
    )


def _owners(frame: Any) -> list[str | None]:
    known = list(frame["application_id"]) if "application_id" in frame.columns else []
    return [_text(owner) for owner in known]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
