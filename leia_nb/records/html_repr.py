"""Cards: how records, jobs and `leia` itself show themselves in a notebook.

A card is a small HTML table. All text in it is escaped, its colours are JupyterLab's
own, and making one asks LEIA nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from leia_nb.records import humanize

Line = tuple[str, Any]


class Whole(str):
    """A text that a card shows to its end; if it is long, below its first line, to be unfolded."""


_LONGEST = 500
_UNFOLDED = 1000  # characters of a whole text that stand there without a click
_WHOLE = 50_000
_MOST = 5
_SECOND = "color:var(--jp-ui-font-color2,#666);"
_TABLE = "border-collapse:collapse;margin:4px 0;font-size:13px;line-height:1.5"
_CAPTION = "text-align:left;caption-side:top;padding:2px 0 4px 0;"
_LABEL = f"{_SECOND}text-align:left;vertical-align:top;font-weight:normal;padding:1px 16px 1px 0"
_VALUE = "text-align:left;vertical-align:top;padding:1px 0;white-space:pre-line;max-width:34em"


def card(kind: str, name: str, lines: Iterable[Line]) -> str:
    """Make a card.

    Parameters
    ----------
    kind : str
        What it is a card of, e.g. ``"Model"``.
    name : str
        What it is called.
    lines : iterable of (label, value)
        What it says; lines without a value are left out. Times are shown in UTC,
        several values separated by commas, long texts cut off unless they are `Whole`.

    Returns
    -------
    str
        The HTML.

    Examples
    --------
    >>> "&lt;b&gt;" in card("Model", "<b>", []), "tags" in card("Model", "a", [("tags", ())])
    (True, False)
    """
    rows = "".join(_row(label, _cell(value)) for label, value in lines if not _is_empty(value))
    kind_html = f'<span style="{_SECOND}">{html.escape(kind)}</span>'
    caption = f'<caption style="{_CAPTION}">{kind_html} <b>{html.escape(_cut(name))}</b></caption>'
    return f'<table class="leia-card" style="{_TABLE}">{caption}<tbody>{rows}</tbody></table>'


def text(value: Any) -> str:
    """Return a value as people read it, not yet escaped.

    Examples
    --------
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
    """Make the card of a Model."""
    lines = [
        ("short name", record.short_name),
        ("type", record.model_type),
        ("module", _both(record.model_module, record.model_clazz)),
        ("reads", record.input_types),
        ("description", record.description),
        ("about", Whole(record.documentation or "")),
        ("tags", record.tags),
        ("owner (application)", record.application_id),
        ("open to", _open_to(record)),
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
    """Make the card of a Document."""
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
    """Make the card of a job."""
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
    """Make the card of an Application; its API key is not on it."""
    person = " ".join(name for name in (record.first_name, record.last_name) if name)
    ttl = record.dedicated_workers_ttl
    lines = [
        ("kind", record.application_type),
        ("person", person),
        ("email", record.email),
        ("created", record.creation_time),
        ("callbacks to", record.default_job_callback_url),
        ("reduced callbacks", record.reduce_callback_payloads),
        ("own workers", record.dedicated_workers),
        ("their ttl", None if ttl is None else humanize.seconds(ttl)),
        ("their models", record.dedicated_workers_max_models),
        ("always on", tuple(_schedule(one) for one in record.always_on_schedules)),
        ("jobs", _counts(record.job_counts)),
        ("API key", "in .api_key, this once; keep it" if record.api_key else None),
        *_tail(record),
    ]
    return card("Application", record.application_name or record.email, lines)


def worker(record: Any) -> str:
    """Make the card of the workers of one job type."""
    lines = [("number", record.number), ("statuses", record.statuses)]
    return card("Workers", str(record.job_type), lines)


def other(kind: str, pairs: Sequence[Line]) -> str:
    """Make the card of any other record, out of its fields as they are."""
    return card(kind, "", [(name.replace("_", " "), value) for name, value in pairs])


def service(kind: str, url: str, application: Any) -> str:
    """Make the card of `leia` itself; `application` is None before the first login."""
    if application is None:
        return card(kind, url, [("application", "not logged in yet; the first call logs in")])
    lines = [
        ("application", application.application_name or application.email),
        ("kind", application.application_type),
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
    return _whole(value.strip()) if isinstance(value, Whole) else html.escape(text(value))


def _whole(long: str) -> str:
    if len(long) > _WHOLE:
        long = f"{long[:_WHOLE]} … ({len(long) - _WHOLE:,} more characters)"
    if len(long) <= _UNFOLDED:
        return html.escape(long)
    first, _, rest = long.partition("\n")
    cut = _cut(first)
    below = rest.strip("\n") if cut == first else long
    summary = f'<summary style="cursor:pointer">{html.escape(cut)}</summary>'
    return f"<details>{summary}{html.escape(below)}</details>"


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | tuple | list) and not value)


def _cut(long: str) -> str:
    if len(long) <= _LONGEST:
        return long
    whole = long[:_LONGEST].rpartition(" ")[0] or long[:_LONGEST]
    return f"{whole.rstrip()} …"


def _both(first: str, second: str) -> str:
    return f"{first} ({second})" if second and second != first else first


def _open_to(record: Any) -> str | None:
    if record.allow_all_applications:
        return "all applications"
    return ", ".join(record.allowed_application_ids) or None


def _numbers(record: Any, names: Sequence[str]) -> list[Line]:
    return [(name.replace("_", " "), getattr(record, name)) for name in names]


def _schedule(told: Any) -> str:
    if not isinstance(told, Mapping):
        return str(told)
    return " ".join(f"{name}={value}" for name, value in told.items() if value not in (None, []))


def _counts(told: Any) -> str | None:
    if not isinstance(told, Mapping):
        return None if told is None else str(told)
    return ", ".join(f"{name}: {count}" for name, count in told.items()) or None


def _documents(ids: Sequence[str]) -> str:
    some = ", ".join(ids[:_MOST])
    return f"{len(ids)}" if not ids else f"{len(ids)}: {some}{' …' if len(ids) > _MOST else ''}"


def _tail(record: Any) -> list[Line]:
    """Return the id, and the names of fields that this version does not know."""
    return [("id", record.id), ("also (in .extra)", tuple(record.extra))]
