"""What an answer of LEIA means: its JSON, its Content-Range, the error it stands for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from urllib3 import HTTPHeaderDict

from leia_nb import errors
from leia_nb.api.operations import Operation
from leia_nb.errors import LeiaError, ServiceFault, UnexpectedAnswer

_BY_CODE: dict[str, type[LeiaError]] = {
    "condition_malformed": errors.InvalidRules,
    "email_taken": errors.EmailTaken,
    "invalid_model_file": errors.InvalidModelFile,
    "invalid_model_params": errors.InvalidParameters,
    "invalid_transform_params": errors.InvalidParameters,
    "job_over": errors.JobOver,
    "login_failed": errors.LoginFailed,
    "no_documents": errors.NoDocuments,
    "no_worker": errors.NoWorker,
    "no_worker_mode": errors.NoWorkerMode,
    "not_a_classifier": errors.NotAClassifier,
    "not_logged_in": errors.NotLoggedIn,
    "not_trainable": errors.NotTrainable,
    "not_yours": errors.NotYours,
    "page_range_malformed": errors.InvalidPageRange,
    "page_range_without_job": errors.InvalidPageRange,
    "rules_malformed": errors.InvalidRules,
    "short_name_taken": errors.ShortNameTaken,
    "storage_full": errors.StorageFull,
    "too_many_rules": errors.InvalidRules,
    "unknown_annotation": errors.UnknownAnnotation,
    "unknown_application": errors.UnknownApplication,
    "unknown_document": errors.UnknownDocument,
    "unknown_job": errors.UnknownJob,
    "unknown_model": errors.UnknownModel,
    "unknown_model_module": errors.UnknownModelModule,
    "unknown_schedule": errors.UnknownSchedule,
    "unknown_worker": errors.NoWorker,
    "unusable_documents": errors.UnusableDocuments,
}
_BY_STATUS: dict[int, type[LeiaError]] = {
    400: errors.BadRequest,
    401: errors.NotLoggedIn,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.BadRequest,
    413: errors.BadRequest,
    414: errors.BadRequest,
    507: errors.StorageFull,
}
_UNKNOWN: dict[str, type[LeiaError]] = {
    "model_id": errors.UnknownModel,
    "document_id": errors.UnknownDocument,
    "job_id": errors.UnknownJob,
    "job_ids": errors.UnknownJob,
    "annotation_id": errors.UnknownAnnotation,
    "always_on_schedule_id": errors.UnknownSchedule,
    "job_type": errors.NoWorker,
}
"""What a 404 without a code means, by the parameter in the path."""
RETRYABLE = frozenset({429, 502, 503, 504})
_UNCLEAR = frozenset({502, 504})
_RANGE = re.compile(r"^(?:\w+ )?(\d+)-(\d+)/(\d+)$")
_TAG = re.compile(r"<(style|script|head)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Response:
    """One whole answer.

    Parameters
    ----------
    status : int
        The HTTP status.
    headers : mapping
        The headers; names are found in any case.
    body : bytes
        The decoded body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def without(self, secret: str) -> Response:
        """Return it with a secret made unreadable, however a page may have written it."""
        ways = {secret, json.dumps(secret)[1:-1], html.escape(secret), quote(secret, safe="")}
        body, headers = self.body, dict(self.headers)
        for way in sorted(ways - {""}, key=len, reverse=True):
            body = body.replace(way.encode(), b"***")
            headers = {name: value.replace(way, "***") for name, value in headers.items()}
        return replace(self, body=body, headers=HTTPHeaderDict(headers))

    @cached_property
    def content(self) -> Any:
        """The decoded JSON; None if the body is empty or no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        return self.content is not None or self.body.strip() == b"null"

    @property
    def is_cut_off(self) -> bool:
        """Whether a body that is no JSON is only the beginning of one."""
        bounded = "Content-Length" in self.headers or "Transfer-Encoding" in self.headers
        body = self.body.strip()
        return not body or (not bounded and body[:1] in (b"{", b"["))

    @property
    def total(self) -> int | None:
        """How many rows a listing has in all, from ``Content-Range``; None if it does not say."""
        found = _RANGE.match(self.headers.get("Content-Range", "").strip())
        return int(found[3]) if found else None

    @property
    def page_limit(self) -> int | None:
        """Most rows a page holds, from ``Accept-Range``; None if it does not say."""
        words = self.headers.get("Accept-Range", "").split()
        return int(words[-1]) if words and words[-1].isdigit() and int(words[-1]) else None

    @property
    def retry_after(self) -> float | None:
        """Seconds that ``Retry-After`` asks for; None if it does not."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def error(operation: Operation, answer: Response, url: str) -> LeiaError:
    """Return the error that an answer stands for.

    Parameters
    ----------
    operation : Operation
        What was asked.
    answer : Response
        An answer whose status is 300 or more.
    url : str
        The service's base address, for the message.

    Returns
    -------
    LeiaError
        Of the class that the answer's code, else its status, stands for.
    """
    if 300 <= answer.status < 400:
        return _redirect(answer, url)
    told, is_json = _told(answer)
    code = told.get("code")
    kind = _BY_CODE.get(str(code)) or _kind(operation, answer.status)
    if not is_json and not issubclass(kind, ServiceFault):
        kind = UnexpectedAnswer
    return kind(
        _words(operation, answer, told, url, is_json),
        status_code=answer.status,
        code=str(code) if code else None,
        field=told.get("field"),
        retryable=answer.status in RETRYABLE,
        retry_after=answer.retry_after,
    )


def is_unclear(answer: Response) -> bool:
    """Whether the answer leaves open if the request was carried out (a gateway's word)."""
    return answer.status in _UNCLEAR


def login_error(operation: Operation, answer: Response, url: str) -> LeiaError:
    """Return the error for a login that was refused; parameters as for `error`."""
    if answer.status in (404, 405):
        return UnexpectedAnswer(
            f"{url} answered the login with status {answer.status}: there is no LEIA service. "
            "Check that this is a base address (it ends like /leia/1.0.0).",
            status_code=answer.status,
        )
    refusal = error(operation, answer, url)
    if isinstance(refusal, UnexpectedAnswer) or answer.status not in (400, 401, 403):
        return refusal
    return errors.LoginFailed(
        f"{url} does not accept the API key. Check the key (api_key=, LEIA_API_KEY or the keyring) "
        "and that it belongs to this address.",
        status_code=answer.status,
        code="login_failed",
        field="api_key",
    )


def not_json(operation: Operation, answer: Response, url: str) -> UnexpectedAnswer:
    """Return the error for a successful answer whose body is no JSON."""
    return UnexpectedAnswer(
        _words(operation, answer, {}, url, is_json=False), status_code=answer.status
    )


def _kind(operation: Operation, status: int) -> type[LeiaError]:
    if status == HTTPStatus.NOT_FOUND and not operation.name.endswith("_async"):
        for name in operation.placeholders:
            if name in _UNKNOWN:
                return _UNKNOWN[name]
        if operation.placeholders == ("application_id",):
            return errors.UnknownApplication
    if status == HTTPStatus.CONFLICT and operation.name == "admin_create_application":
        return errors.EmailTaken
    if status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
        return _BY_STATUS.get(status, ServiceFault)
    return _BY_STATUS.get(status, UnexpectedAnswer)


def _told(answer: Response) -> tuple[dict[str, Any], bool]:
    """Return what the body tells, and whether it is LEIA's kind of body (JSON or nothing)."""
    told = answer.content if isinstance(answer.content, dict) else {}
    return told, answer.is_json or not answer.body.strip()


def _words(
    operation: Operation, answer: Response, told: Mapping[str, Any], url: str, is_json: bool
) -> str:
    for name in ("message", "detail", "title"):
        if isinstance(told.get(name), str) and told[name]:
            return str(told[name])
    asked = f"{url} answered {operation.name} with status {answer.status}"
    if is_json:
        return f"{asked} and no explanation. Check {_suspects(operation, answer.status)}."
    kind = answer.headers.get("Content-Type", "no content type").split(";")[0]
    return (
        f"{asked} and a body that is not JSON ({kind}): {_glance(answer.body)!r}. Check that the "
        "address is the base address of a LEIA service (it ends like /leia/1.0.0), and what stands "
        "between here and there (a proxy, a login page)."
    )


def _suspects(operation: Operation, status: int) -> str:
    owners = {"application_id", "submitter_id"} & set(operation.placeholders)
    if status != HTTPStatus.NOT_FOUND or set(operation.placeholders) - owners:
        return "the ids and values of the call"
    application = " and that the application exists" if owners else ""
    return f"that this is LEIA's base address (it ends like /leia/1.0.0){application}"


def _glance(body: bytes) -> str:
    text = " ".join(_TAG.sub(" ", body[:20_000].decode("utf-8", "replace")).split())
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _redirect(answer: Response, url: str) -> UnexpectedAnswer:
    target = answer.headers.get("Location", "").split("?")[0].split("#")[0] or "nowhere"
    return UnexpectedAnswer(
        f"{url} redirects to {target} (status {answer.status}). Redirects are not followed, as "
        "the login token would go along. If that address is right, connect to it.",
        status_code=answer.status,
    )
