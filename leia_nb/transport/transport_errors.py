"""From a response or an exception to an error of `leia_nb.errors`.

The exceptions of requests and urllib3 hold whole requests, with keys and tokens. They
end here and are never chained to ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from urllib3 import exceptions

from leia_nb import errors
from leia_nb.api.operations import Operation
from leia_nb.errors import (
    ConnectionFailed,
    InvalidInput,
    LeiaError,
    NotLoggedIn,
    OutcomeUnknown,
    RequestTimeout,
    ServiceFault,
    UnexpectedAnswer,
)
from leia_nb.transport.request import Request
from leia_nb.transport.response import Response

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
# What a 404 without a code means, by the parameter in the path.
_UNKNOWN: dict[str, type[LeiaError]] = {
    "model_id": errors.UnknownModel,
    "document_id": errors.UnknownDocument,
    "job_id": errors.UnknownJob,
    "job_ids": errors.UnknownJob,
    "annotation_id": errors.UnknownAnnotation,
    "always_on_schedule_id": errors.UnknownSchedule,
    "job_type": errors.NoWorker,
}
_RETRYABLE = frozenset({429, 502, 503, 504})
_GATEWAY = frozenset({502, 504})  # a gateway does not know whether LEIA carried the request out
_NOT_CONNECTED = (
    exceptions.NewConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.SSLError,
    exceptions.ProxyError,
)
_TAG = re.compile(r"<(style|script|head)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_EXCERPT_LENGTH = 200


@dataclass(frozen=True)
class Failure:
    """An attempt without a response."""

    error: LeiaError
    connected: bool = True


def failure(request: Request, exception: Exception, url: str) -> Failure:
    """Return what an exception of requests or urllib3 means."""
    if request.upload is not None and request.upload.failure is not None:
        return Failure(request.upload.failure)
    if isinstance(exception, ValueError):
        return Failure(InvalidInput(f"{url!r} is not a valid URL. Check it.", field="url"))
    cause = _root_cause(exception)
    if isinstance(cause, _NOT_CONNECTED):
        retryable = not isinstance(cause, exceptions.SSLError)
        error = ConnectionFailed(_not_connected(cause, url), retryable=retryable)
        return Failure(error, connected=False)
    timed_out = isinstance(cause, exceptions.TimeoutError | TimeoutError)
    if timed_out or "timed out" in str(cause):
        return Failure(_interrupted(request, f"{url} did not respond in time", RequestTimeout))
    return Failure(_interrupted(request, f"The connection to {url} was lost"))


def response_error(request: Request, response: Response, url: str) -> LeiaError | None:
    """Return the error that a response means; None if the request succeeded."""
    if response.status < 300:
        return _unusable(request, response, url)
    if request.empty_on_404 and response.status == HTTPStatus.NOT_FOUND and response.total == 0:
        return None
    if request.is_login:
        return _login_error(request.operation, response, url)
    if response.status in _GATEWAY and not request.repeatable:
        return _outcome_unknown(request, f"{url} returned status {response.status}")
    error = _error_of_status(request.operation, response, url)
    if isinstance(error, NotLoggedIn) and request.operation.name.startswith("admin_"):
        error.args = (f"{error} An admin call needs the login of an admin application.",)
    return error


def _root_cause(exception: BaseException) -> BaseException:
    """Return the innermost of the exceptions that requests and urllib3 wrap in each other."""
    inner = getattr(exception, "reason", None) or (exception.args[0] if exception.args else None)
    return _root_cause(inner) if isinstance(inner, exceptions.HTTPError) else exception


def _not_connected(cause: BaseException, url: str) -> str:
    if isinstance(cause, exceptions.ProxyError):
        return f"Cannot connect to the proxy for {url}. Check HTTPS_PROXY and NO_PROXY."
    if isinstance(cause, exceptions.SSLError):
        return (
            f"The certificate of {url} is not trusted. If your organization issued it, set "
            "REQUESTS_CA_BUNDLE to the certificate file of its certificate authority."
        )
    if isinstance(cause, exceptions.NameResolutionError):
        return f"Cannot resolve the host name {urlsplit(url).hostname!r} of {url}. Check the URL."
    if not isinstance(cause, exceptions.NewConnectionError):
        return f"{url} did not accept a connection in time. Check the URL and the network."
    return f"Cannot connect to {url}. Check the URL and that the service is running."


def _interrupted(
    request: Request, event: str, kind: type[LeiaError] = ConnectionFailed
) -> LeiaError:
    """Return the error for a response that is incomplete or late."""
    if not request.repeatable:
        return _outcome_unknown(request, event)
    return kind(f"{event} ({request.operation.name}). Try again.", retryable=True)


def _outcome_unknown(request: Request, event: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{event} after {request.operation.name} was sent, so it is unknown whether LEIA carried "
        "it out. Check with list or get, and repeat the call if LEIA did not."
    )


def _unusable(request: Request, response: Response, url: str) -> LeiaError | None:
    """Return the error for a successful response whose body is incomplete or not JSON."""
    operation = request.operation
    if request.stream and response.status in (200, 206):
        return None
    if response.is_json or (response.is_empty and operation.may_be_empty):
        return None
    if response.is_truncated:
        return _interrupted(request, f"The response of {url} was cut off")
    message = _not_json(operation, response, url)
    return UnexpectedAnswer(message, status_code=response.status)


def _error_of_status(operation: Operation, response: Response, url: str) -> LeiaError:
    if 300 <= response.status < 400:
        return _redirect(response, url)
    payload = response.content if isinstance(response.content, dict) else {}
    code = payload.get("code")
    kind = _BY_CODE.get(str(code)) or _kind_by_status(operation, response.status)
    if not (response.is_json or response.is_empty or issubclass(kind, ServiceFault)):
        kind = UnexpectedAnswer
    return kind(
        _explanation(payload) or _without_explanation(operation, response, url),
        status_code=response.status,
        code=str(code) if code else None,
        field=payload.get("field"),
        retryable=response.status in _RETRYABLE,
        retry_after=response.retry_after,
    )


def _kind_by_status(operation: Operation, status: int) -> type[LeiaError]:
    if status == HTTPStatus.NOT_FOUND and not operation.name.endswith("_async"):
        for name in operation.placeholders:
            if name in _UNKNOWN:
                return _UNKNOWN[name]
        if operation.placeholders == ("application_id",):
            return errors.UnknownApplication
    if status == HTTPStatus.CONFLICT and operation.name == "admin_create_application":
        return errors.EmailTaken
    is_fault = status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS
    return _BY_STATUS.get(status, ServiceFault if is_fault else UnexpectedAnswer)


def _explanation(payload: Mapping[str, Any]) -> str | None:
    values = (payload.get(name) for name in ("message", "detail", "title"))
    return next((value for value in values if isinstance(value, str) and value), None)


def _without_explanation(operation: Operation, response: Response, url: str) -> str:
    if not (response.is_json or response.is_empty):
        return _not_json(operation, response, url)
    owners = {"application_id", "submitter_id"} & set(operation.placeholders)
    if response.status != HTTPStatus.NOT_FOUND or set(operation.placeholders) - owners:
        check = "the ids and the other values of the call"
    else:
        check = "that this is LEIA's base URL (its path looks like /leia/1.0.0)"
        check += " and that the application exists" if owners else ""
    return (
        f"{url} returned status {response.status} for {operation.name} without an explanation. "
        f"Check {check}."
    )


def _not_json(operation: Operation, response: Response, url: str) -> str:
    kind = response.headers.get("Content-Type", "no content type").split(";")[0]
    text = " ".join(_TAG.sub(" ", response.body[:20_000].decode("utf-8", "replace")).split())
    excerpt = text if len(text) <= _EXCERPT_LENGTH else f"{text[:_EXCERPT_LENGTH]}…"
    return (
        f"{url} returned status {response.status} for {operation.name}, with a body that is not "
        f"JSON ({kind}): {excerpt!r}. Check that the URL is the base URL of a LEIA service (its "
        "path looks like /leia/1.0.0) and that no proxy or login page is in between."
    )


def _redirect(response: Response, url: str) -> UnexpectedAnswer:
    location = response.headers.get("Location", "").split("?")[0].split("#")[0]
    return UnexpectedAnswer(
        f"{url} redirects to {location or 'no URL'} (status {response.status}). Redirects are not "
        "followed, because the login token would be sent along. If that URL is the right one, "
        "connect to it.",
        status_code=response.status,
    )


def _login_error(operation: Operation, response: Response, url: str) -> LeiaError:
    if response.status in (404, 405):
        return UnexpectedAnswer(
            f"{url} returned status {response.status} for the login, so it is not a LEIA service. "
            "Check that this is LEIA's base URL (its path looks like /leia/1.0.0).",
            status_code=response.status,
        )
    error = _error_of_status(operation, response, url)
    if isinstance(error, UnexpectedAnswer) or response.status not in (400, 401, 403):
        return error
    return errors.LoginFailed(
        f"{url} rejected the API key. Check the key (api_key=, LEIA_API_KEY or the keyring) and "
        "that it belongs to this service.",
        status_code=response.status,
        code="login_failed",
        field="api_key",
    )
