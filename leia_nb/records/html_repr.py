"""HTML cards that show records, jobs and clients in a notebook, without any request.

All text is escaped, and the colors are those of the JupyterLab theme.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from leia_nb.records import humanize

Line = tuple[str, Any]


class FullText(str):
    """A text that is shown uncut; if it is long, collapsed to its first line."""


_MAX_LENGTH = 500
_MAX_EXPANDED = 1000  # characters of a full text that are shown without a click
_MAX_FULL_LENGTH = 50_000
_MAX_IDS = 5
_MUTED = "color:var(--jp-ui-font-color2,#666);"
_TABLE = "border-collapse:collapse;margin:4px 0;font-size:13px;line-height:1.5"
_CAPTION = "text-align:left;caption-side:top;padding:2px 0 4px 0;"
_LABEL = f"{_MUTED}text-align:left;vertical-align:top;font-weight:normal;padding:1px 16px 1px 0"
_VALUE = "text-align:left;vertical-align:top;padding:1px 0;white-space:pre-line;max-width:34em"


def card(kind: str, name: str, lines: Iterable[Line]) -> str:
    """Return a table of labels and values, without empty values; cut values unless `FullText`.

    >>> "&lt;b&gt;" in card("Model", "<b>", []), "tags" in card("Model", "a", [("tags", ())])
    (True, False)
    """
    rows = "".join(_row(label, _cell(value)) for label, value in lines if not _is_empty(value))
    kind_html = f'<span style="{_MUTED}">{html.escape(kind)}</span>'
    caption = f'<caption style="{_CAPTION}">{kind_html} <b>{html.escape(_cut(name))}</b></caption>'
    return f'<table class="leia-card" style="{_TABLE}">{caption}<tbody>{rows}</tbody></table>'


def text(value: Any) -> str:
    """Return a value in readable form, not escaped.

    >>> text(("a", "b")), text(True), text(0.25)
    ('a, b', 'yes', '0.25')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return humanize.moment(value)
    if isinstance(value, tuple | list):
        return _cut(", ".join(text(part) for part in value))
    return _cut(str(value))


def model(record: Any) -> str:
    """Return the card of a Model."""
    lines = [
        ("short name", record.short_name),
        ("type", record.model_type),
        ("module", _with_class(record.model_module, record.model_clazz)),
        ("reads", record.input_types),
        ("description", record.description),
        ("about", FullText(record.documentation or "")),
        ("tags", record.tags),
        ("owner (application)", record.application_id),
        ("open to", _access(record)),
        ("size", humanize.size(record.size)),
        ("created", record.creation_time),
        ("kept loaded (ttl)", None if record.ttl is None else humanize.seconds(record.ttl)),
        ("speed", record.speed),
        *_numbers(record, ("always_on_workers", "cores", "memory")),
        ("md5", record.md5sum),
        *_tail(record),
    ]
    return card("Model", record.name, lines)


def document(record: Any) -> str:
    """Return the card of a Document."""
    rotation = record.rotation_angle
    lines = [
        ("type", record.mime_type or record.extension),
        ("size", None if record.size is None else humanize.size(record.size)),
        ("tags", record.tags),
        ("made from", record.original_id),
        ("page", record.page),
        ("rotated by", None if rotation is None else f"{rotation}°"),
        ("owner (application)", record.application_id),
        ("created", record.creation_time),
        ("will be deleted (ttl)", record.expiration_time),
        ("md5", record.md5sum),
        *_tail(record),
    ]
    return card("Document", record.filename, lines)


def job(record: Any) -> str:
    """Return the card of a job."""
    lines = [
        ("status", record.status),
        ("reason", record.reason),
        ("model", record.model_id),
        ("documents", _documents(record.document_ids)),
        ("created", record.creation_time),
        ("started", record.starting_time),
        ("finished", record.finished_time),
        ("waits for", None if record.is_over else record.execute_after_id),
        ("part of", record.parent_job_id),
        ("result", record.result_type),
        ("owner (application)", record.application_id),
        *_tail(record),
    ]
    return card("Job", str(record.job_type), lines)


def application(record: Any) -> str:
    """Return the card of an Application, without its API key."""
    person = " ".join(name for name in (record.first_name, record.last_name) if name)
    ttl = record.dedicated_workers_ttl
    lines = [
        ("type", record.application_type),
        ("person", person),
        ("email", record.email),
        ("created", record.creation_time),
        ("callbacks to", record.default_job_callback_url),
        ("reduced callbacks", record.reduce_callback_payloads),
        ("dedicated workers", record.dedicated_workers),
        ("dedicated workers (ttl)", None if ttl is None else humanize.seconds(ttl)),
        ("dedicated workers (most models)", record.dedicated_workers_max_models),
        ("always on", tuple(_schedule(item) for item in record.always_on_schedules)),
        ("jobs", _counts(record.job_counts)),
        ("API key", "in .api_key, shown only now; store it" if record.api_key else None),
        *_tail(record),
    ]
    return card("Application", record.application_name or record.email, lines)


def worker(record: Any) -> str:
    """Return the card of the workers of one job type."""
    lines = [("number", record.number), ("statuses", record.statuses)]
    return card("Workers", str(record.job_type), lines)


def other(kind: str, pairs: Sequence[Line]) -> str:
    """Return the card of any other record, from its fields."""
    return card(kind, "", [(name.replace("_", " "), value) for name, value in pairs])


def service(kind: str, url: str, application: Any) -> str:
    """Return the card of a client; `application` is None before the first login."""
    if application is None:
        return card(kind, url, [("application", "not logged in yet; the first call logs in")])
    lines = [
        ("application", application.application_name or application.email),
        ("type", application.application_type),
        ("id", application.id),
    ]
    return card(kind, url, lines)


def _row(label: str, value: str) -> str:
    return (
        f'<tr style="background:none"><th scope="row" style="{_LABEL}">{html.escape(label)}</th>'
        f'<td style="{_VALUE}">{value}</td></tr>'
    )


def _cell(value: Any) -> str:
    """Return a value as HTML."""
    return _full(value.strip()) if isinstance(value, FullText) else html.escape(text(value))


def _full(value: str) -> str:
    if len(value) > _MAX_FULL_LENGTH:
        rest = len(value) - _MAX_FULL_LENGTH
        value = f"{value[:_MAX_FULL_LENGTH]} … ({rest:,} more characters)"
    if len(value) <= _MAX_EXPANDED:
        return html.escape(value)
    first_line, _, rest_of_text = value.partition("\n")
    title = _cut(first_line)
    body = rest_of_text.strip("\n") if title == first_line else value
    summary = f'<summary style="cursor:pointer">{html.escape(title)}</summary>'
    return f"<details>{summary}{html.escape(body)}</details>"


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | tuple | list) and not value)


def _cut(value: str) -> str:
    if len(value) <= _MAX_LENGTH:
        return value
    start = value[:_MAX_LENGTH].rpartition(" ")[0] or value[:_MAX_LENGTH]
    return f"{start.rstrip()} …"


def _with_class(module: str, name: str) -> str:
    return f"{module} ({name})" if name and name != module else module


def _access(record: Any) -> str | None:
    if record.allow_all_applications:
        return "all applications"
    return ", ".join(record.allowed_application_ids) or None


def _numbers(record: Any, names: Sequence[str]) -> list[Line]:
    return [(name.replace("_", " "), getattr(record, name)) for name in names]


def _schedule(schedule: Any) -> str:
    if not isinstance(schedule, Mapping):
        return str(schedule)
    return " ".join(
        f"{name}={value}" for name, value in schedule.items() if value not in (None, [])
    )


def _counts(counts: Any) -> str | None:
    if not isinstance(counts, Mapping):
        return None if counts is None else str(counts)
    return ", ".join(f"{name}: {count}" for name, count in counts.items()) or None


def _documents(ids: Sequence[str]) -> str:
    if not ids:
        return "0"
    return f"{len(ids)}: {', '.join(ids[:_MAX_IDS])}{' …' if len(ids) > _MAX_IDS else ''}"


def _tail(record: Any) -> list[Line]:
    """Return the id and the names of unknown fields."""
    return [("id", record.id), ("also (in .extra)", tuple(record.extra))]
