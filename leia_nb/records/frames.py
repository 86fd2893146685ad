"""Listings and predictions as DataFrames with fixed columns and dtypes.

A frame has the same columns, in the same order and of the same dtypes, whether it
has rows or not. Times are ``datetime64[ns, UTC]``, whole numbers ``Int64``, yes/no
``boolean``, enumerations ``category``, texts ``string``, lists tuples; fields that
this version does not know are left out (a record's `extra` has them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from leia_nb.enums import (
    AnnotationType,
    ApplicationType,
    JobStatus,
    JobType,
    ModelType,
    ResultType,
    Speed,
)
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records.records import Classification, JobRecord

if TYPE_CHECKING:
    import pandas as pd

Kind = str | type[StrEnum]
Schema = dict[str, Kind]

MODELS: Schema = {
    "name": "string",
    "short_name": "string",
    "model_type": ModelType,
    "input_types": "tuple",
    "model_module": "string",
    "tags": "tuple",
    "description": "string",
    "size": "Int64",
    "creation_time": "time",
    "application_id": "string",
    "allow_all_applications": "boolean",
    "allowed_application_ids": "tuple",
    "ttl": "Int64",
    "speed": Speed,
    "md5sum": "string",
    "model_clazz": "string",
    "documentation": "string",
    "output_format": "object",
    "always_on_workers": "Int64",
    "cores": "Float64",
    "memory": "Float64",
}
"""The columns of `leia.models.list()`; the index is ``id``."""

DOCUMENTS: Schema = {
    "filename": "string",
    "extension": "string",
    "mime_type": "string",
    "size": "Int64",
    "tags": "tuple",
    "creation_time": "time",
    "expiration_time": "time",
    "original_id": "string",
    "page": "Int64",
    "rotation_angle": "Int64",
    "md5sum": "string",
    "application_id": "string",
}
"""The columns of `leia.documents.list()`; the index is ``id``."""

EXTRACTIONS: Schema = {**DOCUMENTS, "prediction": "object"}
"""The columns of what an image extraction made; the index is ``id``."""

ANNOTATIONS: Schema = {
    "document_id": "string",
    "annotation_type": AnnotationType,
    "name": "string",
    "prediction": "object",
    "tags": "tuple",
    "creation_time": "time",
    "application_id": "string",
}
"""The columns of `leia.annotations.list()`; the index is ``id``."""

APPLICATIONS: Schema = {
    "application_name": "string",
    "application_type": ApplicationType,
    "email": "string",
    "first_name": "string",
    "last_name": "string",
    "creation_time": "time",
    "default_job_callback_url": "string",
    "reduce_callback_payloads": "boolean",
    "dedicated_workers": "boolean",
    "dedicated_workers_ttl": "Int64",
    "dedicated_workers_max_models": "Int64",
    "always_on_schedules": "tuple",
    "job_counts": "object",
}
"""The columns of `leia.applications.list()`; the index is ``id``. API keys are not in it."""

WORKERS: Schema = {"number": "Int64", "statuses": "tuple"}
"""The columns of `leia.workers.list()`; the index is ``job_type``."""

JOBS: Schema = {
    "job_type": JobType,
    "status": JobStatus,
    "reason": "string",
    "model_id": "string",
    "document_ids": "tuple",
    "creation_time": "time",
    "starting_time": "time",
    "finished_time": "time",
    "execute_after_id": "string",
    "parent_job_id": "string",
    "result_type": ResultType,
    "result": "object",
    "callback_url": "string",
    "application_id": "string",
}
"""The columns of `leia.jobs.list()`; the index is ``id``."""


def listing(
    rows: Sequence[Mapping[str, Any]], schema: Schema, *, index: str = "id"
) -> pd.DataFrame:
    """Make the frame of a listing.

    Parameters
    ----------
    rows : sequence of mapping
        LEIA's JSON objects.
    schema : Schema
        Its columns.
    index : str
        The member that becomes the index.

    Returns
    -------
    pandas.DataFrame
        Index ``id`` (string), the schema's columns.

    Raises
    ------
    UnexpectedAnswer
        If a value does not fit its column.

    Examples
    --------
    >>> frame = listing([], MODELS)
    >>> frame.index.name, list(frame.columns) == list(MODELS), str(frame["size"].dtype)
    ('id', True, 'Int64')
    """
    import pandas as pd

    names = pd.Index(_column(index, [row.get(index) for row in rows], "string"), name=index)
    columns = {
        name: _column(name, [row.get(name) for row in rows], kind) for name, kind in schema.items()
    }
    return _frame(columns, names)


def made(job: JobRecord) -> pd.DataFrame:
    """Make the frame of the documents that a job made.

    Parameters
    ----------
    job : JobRecord
        A PROCESSED job whose result is a list of documents.

    Returns
    -------
    pandas.DataFrame
        Like a listing of documents, in LEIA's order. What a model cut out of them has
        one more column, ``prediction`` (object): what it found there, e.g. ``{"label",
        "x", "y", "width", "height", "score"}``.

    Raises
    ------
    UnexpectedAnswer
        If the result is of another kind.
    """
    rows = job.result or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UnexpectedAnswer(f"Job {job.id} has a result that is no list of documents.")
    cut_out = job.job_type == JobType.PREDICT or any("prediction" in row for row in rows)
    return listing(rows, EXTRACTIONS if cut_out else DOCUMENTS)


def predictions(job: JobRecord) -> pd.DataFrame:
    """Make the frame of what a model found out about documents.

    Parameters
    ----------
    job : JobRecord
        A PROCESSED job whose result is of a document or a map by document id.

    Returns
    -------
    pandas.DataFrame
        Index ``document_id`` (string), one row per document, in the order in which
        they were given. Columns of classifications: ``category`` (string), ``score``
        and ``accuracy`` (float64, fractions from 0 to 1). Of key-values: one column
        per key, sorted by name; float64 where every value is a number, else object. Of a
        key that comes with scores, a column ``<key>_score`` follows (float64, 0 to 1).

    Raises
    ------
    UnexpectedAnswer
        If the result is of another kind.

    Examples
    --------
    >>> job = JobRecord.from_json({
    ...     "id": "1", "job_type": "predict", "status": "PROCESSED", "application_id": "a",
    ...     "creation_time": "2026-11-23T12:00:00", "document_ids": ["d"],
    ...     "result_type": "classification",
    ...     "result": {"category": "3", "score": 0.9, "accuracy": 0.97}})
    >>> predictions(job)
                category  score  accuracy
    document_id
    d                  3    0.9      0.97
    """
    results = _by_document(job)
    if "classification" in str(job.result_type):
        return _classifications(results)
    return _key_values(results)


def _by_document(job: JobRecord) -> dict[str, Any]:
    """Return the results by document id, in the order of the documents."""
    if str(job.result_type).startswith("dict["):
        if not isinstance(job.result, Mapping):
            raise UnexpectedAnswer(f"Job {job.id} has a result that is no map by document id.")
        ids = dict.fromkeys([*(i for i in job.document_ids if i in job.result), *job.result])
        return {document_id: job.result[document_id] for document_id in ids}
    return {job.document_ids[0] if job.document_ids else "": job.result}


def _classifications(results: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    found = [Classification.from_json(result) for result in results.values()]
    return pd.DataFrame(
        {
            "category": pd.array([one.category for one in found], dtype="string"),
            "score": pd.array([one.score for one in found], dtype="float64"),
            "accuracy": pd.array([one.accuracy for one in found], dtype="float64"),
        },
        index=_document_index(results),
    )


def _key_values(results: Mapping[str, Any]) -> pd.DataFrame:
    rows = [_members(result) for result in results.values()]
    scores = [_scores(result) for result in results.values()]
    names = sorted({name for row in rows for name in row})
    columns: dict[str, Any] = {}
    for name in names:
        columns[name] = _values([row.get(name) for row in rows])
        if any(name in row for row in scores):
            beside = f"{name}_score" if f"{name}_score" not in names else f"score of {name}"
            columns[beside] = _values([row.get(name) for row in scores])
    return _frame(columns, _document_index(results))


def _members(result: Any) -> dict[str, Any]:
    """Read key-values: a list of ``{"key", "value"}``, an object, or anything else as a value."""
    if isinstance(result, Mapping):
        return {str(key): value for key, value in result.items()}
    if not isinstance(result, list) or not all(_is_item(item) for item in result):
        return {"value": result}
    return _by_key(result, "value")


def _scores(result: Any) -> dict[str, Any]:
    """Read the scores that stand beside the values of ``{"key", "value", "score"}``."""
    if not isinstance(result, list) or not all(_is_item(item) for item in result):
        return {}
    return _by_key([item for item in result if item.get("score") is not None], "score")


def _by_key(items: Iterable[Mapping[str, Any]], member: str) -> dict[str, Any]:
    values: dict[str, list[Any]] = {}
    for item in items:
        values.setdefault(str(item["key"]), []).append(item.get(member))
    return {key: some[0] if len(some) == 1 else tuple(some) for key, some in values.items()}


def _is_item(item: Any) -> bool:
    return isinstance(item, Mapping) and "key" in item


def _values(values: list[Any]) -> Any:
    import pandas as pd

    given = [value for value in values if value is not None]
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in given)
    if given and numbers:
        return pd.Series(values, dtype="float64").array
    return _objects(values)


def _frame(columns: Mapping[str, Any], index: pd.Index[Any]) -> pd.DataFrame:
    """Make a frame whose columns keep their dtypes: pandas makes texts out of objects."""
    import pandas as pd

    kept = {
        name: pd.Series(column, index=index, dtype="object") if column.dtype == object else column
        for name, column in columns.items()
    }
    return pd.DataFrame(kept, index=index)


def _document_index(results: Iterable[str]) -> pd.Index[Any]:
    import pandas as pd

    return pd.Index(pd.array(list(results), dtype="string"), name="document_id")


def _column(name: str, values: list[Any], kind: Kind) -> Any:
    import pandas as pd

    try:
        if kind == "tuple":
            return _objects([tuple(value or ()) for value in values])
        if kind == "object":
            return _objects(values)
        if kind == "time":
            moments = pd.to_datetime(pd.Series(values, dtype="object"), utc=True, format="ISO8601")
            return moments.astype("datetime64[ns, UTC]").array
        if not isinstance(kind, str):
            return pd.Categorical(values, categories=_categories(values, kind))
        return pd.array(values, dtype=kind)  # type: ignore[call-overload]
    except (TypeError, ValueError) as error:
        problem = f"LEIA sent rows whose {name!r} cannot be read: {error}"
    raise UnexpectedAnswer(problem)


def _objects(values: list[Any]) -> Any:
    import numpy as np

    column = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):  # as a whole, lists of equal length would be taken apart
        column[place] = value
    return column


def _categories(values: Iterable[Any], kind: type[StrEnum]) -> list[str]:
    own = [member.value for member in kind]
    new = {str(value) for value in values if value is not None} - set(own)
    return [*own, *sorted(new)]
