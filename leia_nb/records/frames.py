"""Listings and predictions as DataFrames with fixed columns and dtypes.

A frame has the same columns, in the same order and with the same dtypes, also without rows:
times are ``datetime64[ns, UTC]``, integers ``Int64``, booleans ``boolean``, enumerations
``category``, strings ``string``, lists tuples. Unknown fields are left out (a record has them
in `extra`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from leia_nb.enums import JobType
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records.records import (
    Annotation,
    Application,
    Classification,
    Document,
    JobRecord,
    Model,
    Record,
    Worker,
)

if TYPE_CHECKING:
    import pandas as pd

Kind = str | type[StrEnum]
Schema = dict[str, Kind]

_KINDS: dict[Any, str] = {
    str: "string",
    int: "Int64",
    float: "Float64",
    bool: "boolean",
    datetime: "time",
    tuple: "tuple",
    Any: "object",
}


def _schema(record: type[Record], names: str) -> Schema:
    """Return the columns of a listing, with the types of the record's fields."""
    hints = get_type_hints(record)
    return {name: _kind(hints[name]) for name in names.split()}


def _kind(hint: Any) -> Kind:
    first = get_args(hint)[0] if isinstance(hint, UnionType) else hint
    kind = get_origin(first) or first
    return _KINDS.get(kind) or kind


MODELS = _schema(
    Model,
    "name short_name model_type input_types model_module tags description size creation_time "
    "application_id allow_all_applications allowed_application_ids ttl speed md5sum model_clazz "
    "documentation output_format always_on_workers cores memory",
)
"""The columns of `leia.models.list()`; the index is ``id``."""

DOCUMENTS = _schema(
    Document,
    "filename extension mime_type size tags creation_time expiration_time original_id page "
    "rotation_angle md5sum application_id",
)
"""The columns of `leia.documents.list()`; the index is ``id``."""

EXTRACTIONS: Schema = {**DOCUMENTS, "prediction": "object"}
"""The columns of the documents that an image extraction created; the index is ``id``."""

ANNOTATIONS = _schema(
    Annotation, "document_id annotation_type name prediction tags creation_time application_id"
)
"""The columns of `leia.annotations.list()`; the index is ``id``."""

APPLICATIONS = _schema(
    Application,
    "application_name application_type email first_name last_name creation_time "
    "default_job_callback_url reduce_callback_payloads dedicated_workers dedicated_workers_ttl "
    "dedicated_workers_max_models always_on_schedules job_counts",
)
"""The columns of `leia.applications.list()`; the index is ``id``. API keys are not included."""

WORKERS = _schema(Worker, "number statuses")
"""The columns of `leia.workers.list()`; the index is ``job_type``."""

JOBS = _schema(
    JobRecord,
    "job_type status reason model_id document_ids creation_time starting_time finished_time "
    "execute_after_id parent_job_id result_type result callback_url application_id",
)
"""The columns of `leia.jobs.list()`; the index is ``id``."""


def listing(
    rows: Sequence[Mapping[str, Any]], schema: Schema, *, index: str = "id"
) -> pd.DataFrame:
    """Build the frame of a listing from JSON objects; `index` names the index."""
    import pandas as pd

    names = pd.Index(_column(index, [row.get(index) for row in rows], "string"), name=index)
    columns = {
        name: _column(name, [row.get(name) for row in rows], kind) for name, kind in schema.items()
    }
    return _frame(columns, names)


def output_documents(job: JobRecord) -> pd.DataFrame:
    """Build the frame of the documents that a processed job created, in LEIA's order."""
    rows = job.result or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UnexpectedAnswer(f"The result of job {job.id} is not a list of documents.")
    extracted = job.job_type == JobType.PREDICT or any("prediction" in row for row in rows)
    return listing(rows, EXTRACTIONS if extracted else DOCUMENTS)


def predictions(job: JobRecord) -> pd.DataFrame:
    """Build the frame of a processed job's predictions, one row per document."""
    results = _by_document(job)
    if "classification" in str(job.result_type):
        return _classifications(results)
    return _key_values(results)


def _by_document(job: JobRecord) -> dict[str, Any]:
    """Return the results by document id, in the order of the documents."""
    if str(job.result_type).startswith("dict["):
        if not isinstance(job.result, Mapping):
            raise UnexpectedAnswer(f"The result of job {job.id} is not an object by document id.")
        ids = dict.fromkeys([*(i for i in job.document_ids if i in job.result), *job.result])
        return {document_id: job.result[document_id] for document_id in ids}
    return {job.document_ids[0] if job.document_ids else "": job.result}


def _classifications(results: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    items = [Classification.from_json(result) for result in results.values()]
    return pd.DataFrame(
        {
            "category": pd.array([item.category for item in items], dtype="string"),
            "score": pd.array([item.score for item in items], dtype="float64"),
            "accuracy": pd.array([item.accuracy for item in items], dtype="float64"),
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
            score_name = f"{name}_score" if f"{name}_score" not in names else f"score of {name}"
            columns[score_name] = _values([row.get(name) for row in scores])
    return _frame(columns, _document_index(results))


def _members(result: Any) -> dict[str, Any]:
    """Return key-values by key, from a list of ``{"key", "value"}``, an object or any value."""
    if isinstance(result, Mapping):
        return {str(key): value for key, value in result.items()}
    if not isinstance(result, list) or not all(_is_item(item) for item in result):
        return {"value": result}
    return _by_key(result, "value")


def _scores(result: Any) -> dict[str, Any]:
    """Return the scores by key, from a list of ``{"key", "value", "score"}``."""
    if not isinstance(result, list) or not all(_is_item(item) for item in result):
        return {}
    return _by_key([item for item in result if item.get("score") is not None], "score")


def _by_key(items: Iterable[Mapping[str, Any]], member: str) -> dict[str, Any]:
    values: dict[str, list[Any]] = {}
    for item in items:
        values.setdefault(str(item["key"]), []).append(item.get(member))
    return {key: group[0] if len(group) == 1 else tuple(group) for key, group in values.items()}


def _is_item(item: Any) -> bool:
    return isinstance(item, Mapping) and "key" in item


def _values(values: list[Any]) -> Any:
    import pandas as pd

    present = [value for value in values if value is not None]
    numeric = all(isinstance(v, int | float) and not isinstance(v, bool) for v in present)
    if present and numeric:
        return pd.Series(values, dtype="float64").array
    return _objects(values)


def _frame(columns: Mapping[str, Any], index: pd.Index[Any]) -> pd.DataFrame:
    import pandas as pd

    typed = {  # pandas would infer a string dtype for objects
        name: pd.Series(column, index=index, dtype="object") if column.dtype == object else column
        for name, column in columns.items()
    }
    return pd.DataFrame(typed, index=index)


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
            times = pd.to_datetime(pd.Series(values, dtype="object"), utc=True, format="ISO8601")
            return times.astype("datetime64[ns, UTC]").array
        if not isinstance(kind, str):
            return pd.Categorical(values, categories=_categories(values, kind))
        return pd.array(values, dtype=kind)  # type: ignore[call-overload]
    except (TypeError, ValueError) as error:
        problem = f"LEIA returned rows with an invalid {name!r}: {error}"
    raise UnexpectedAnswer(problem)


def _objects(values: list[Any]) -> Any:
    import numpy as np

    column = np.empty(len(values), dtype=object)
    for position, value in enumerate(values):  # np.array() would make lists another dimension
        column[position] = value
    return column


def _categories(values: Iterable[Any], kind: type[StrEnum]) -> list[str]:
    known = [member.value for member in kind]
    unknown = {str(value) for value in values if value is not None} - set(known)
    return [*known, *sorted(unknown)]
