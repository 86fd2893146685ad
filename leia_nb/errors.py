"""Every error of this package.

::

    LeiaError
     ├─ InvalidInput (ValueError)            a value was rejected before anything was sent
     ├─ NotReady                             the result does not exist yet
     ├─ ConnectionFailed (ConnectionError)   no connection, or the connection was lost
     ├─ RequestTimeout (TimeoutError)        LEIA did not respond in time
     ├─ OutcomeUnknown                       sent, but it is unknown whether LEIA carried it out
     ├─ UnexpectedAnswer                     not a response of LEIA
     ├─ DamagedTransfer                      size or MD5 of a file differ
     ├─ LoginFailed (PermissionError)        the API key was rejected
     ├─ NotLoggedIn (PermissionError)        401, even after a new login
     ├─ Forbidden (PermissionError)          403
     │   ├─ NotAClassifier, NotTrainable
     │   └─ NotYours
     ├─ BadRequest (ValueError)              400, 409
     │   ├─ InvalidModelFile, InvalidPageRange, InvalidRules   (also InvalidInput)
     │   ├─ InvalidParameters
     │   ├─ ShortNameTaken, EmailTaken
     │   ├─ NoWorkerMode
     │   └─ UnusableDocuments
     ├─ NotFound (LookupError)               404
     │   ├─ UnknownModel, UnknownDocument, UnknownAnnotation, UnknownJob
     │   ├─ UnknownApplication, UnknownSchedule, UnknownModelModule
     │   ├─ NoDocuments, NoWorker
     │   └─ JobOver
     ├─ ServiceFault                         5xx, 429
     │   └─ StorageFull (OSError)            507
     ├─ JobFailed, JobCanceled               the job finished without a result
     ├─ WaitTimeout (TimeoutError)           the job has not finished
     ├─ ServiceStartFailed                   the embedded service did not start
     └─ MissingExtra (ImportError)           an optional package is not installed

    IncompleteListing (UserWarning)          the listing changed while it was being read
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "BadRequest",
    "ConnectionFailed",
    "DamagedTransfer",
    "EmailTaken",
    "Forbidden",
    "IncompleteListing",
    "InvalidInput",
    "InvalidModelFile",
    "InvalidPageRange",
    "InvalidParameters",
    "InvalidRules",
    "JobCanceled",
    "JobFailed",
    "JobOver",
    "LeiaError",
    "LoginFailed",
    "MissingExtra",
    "NoDocuments",
    "NoWorker",
    "NoWorkerMode",
    "NotAClassifier",
    "NotFound",
    "NotLoggedIn",
    "NotReady",
    "NotTrainable",
    "NotYours",
    "OutcomeUnknown",
    "RequestTimeout",
    "ServiceFault",
    "ServiceStartFailed",
    "ShortNameTaken",
    "StorageFull",
    "UnexpectedAnswer",
    "UnknownAnnotation",
    "UnknownApplication",
    "UnknownDocument",
    "UnknownJob",
    "UnknownModel",
    "UnknownModelModule",
    "UnknownSchedule",
    "UnusableDocuments",
    "WaitTimeout",
]


class LeiaError(Exception):
    """The root of every error of this package.

    Parameters
    ----------
    message : str
        What happened, to which object, and what to do next.
    status_code : int, optional
        The HTTP status, if there was a response.
    code : str, optional
        LEIA's error code, e.g. ``"short_name_taken"``.
    field : str, optional
        The name of the invalid parameter in LEIA's API.
    retryable : bool, default False
        Whether the same call may succeed later.
    retry_after : float, optional
        Seconds after which LEIA asks to try again.

    Examples
    --------
    >>> str(LeiaError("the model is gone", status_code=404))
    'the model is gone'
    """

    def __init__(
        self,
        message: str = "",
        *,
        status_code: int | None = None,
        code: str | None = None,
        field: str | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.code = code
        self.field = field
        self.retryable = retryable
        self.retry_after = retry_after

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[LeiaError], args: tuple[Any, ...], state: dict[str, Any]) -> LeiaError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InvalidInput(LeiaError, ValueError):
    """A value was rejected before anything was sent."""


class NotReady(LeiaError):
    """A result was requested before it exists."""


class ConnectionFailed(LeiaError, ConnectionError):
    """LEIA could not be reached, or the connection was lost during the response."""


class RequestTimeout(LeiaError, TimeoutError):
    """LEIA did not respond in time."""


class OutcomeUnknown(LeiaError):
    """A request was sent, but it is unknown whether LEIA carried it out.

    It is not repeated automatically, because LEIA could then carry it out twice.
    """


class UnexpectedAnswer(LeiaError):
    """The response is not LEIA's: not JSON, a redirect, a field of the wrong type."""


class DamagedTransfer(LeiaError):
    """The size or the MD5 of a file differs between this machine and LEIA."""


class LoginFailed(LeiaError, PermissionError):
    """LEIA rejected the API key."""


class NotLoggedIn(LeiaError, PermissionError):
    """401 even after a new login, or an admin call with another login."""


class Forbidden(LeiaError, PermissionError):
    """LEIA does not allow the call."""


class NotAClassifier(Forbidden):
    """`format_type="classification"` needs a classification model."""


class NotTrainable(Forbidden):
    """The model module exists but cannot be trained."""


class NotYours(Forbidden):
    """The object belongs to another application, which does not share it with this one."""


class BadRequest(LeiaError, ValueError):
    """LEIA rejected the values it was sent."""


class InvalidModelFile(InvalidInput, BadRequest):
    """The file is not a LEIA model file."""


class InvalidPageRange(InvalidInput, BadRequest):
    """The `page_range` is malformed, or was given without `execute_after_id`."""


class InvalidParameters(BadRequest):
    """The `model_params` or `transform_params` are unknown or invalid."""


class InvalidRules(InvalidInput, BadRequest):
    """The `rules` of a conditional job are malformed; the message names the rule and its part."""


class ShortNameTaken(BadRequest):
    """Another model has this short name."""


class EmailTaken(BadRequest):
    """Another application has this e-mail address (409)."""


class NoWorkerMode(BadRequest):
    """The service does not run jobs in workers."""


class UnusableDocuments(BadRequest):
    """The documents cannot be used for this job."""


class NotFound(LeiaError, LookupError):
    """The object does not exist, or is not visible to this application."""


class UnknownModel(NotFound):
    """The model does not exist."""


class UnknownDocument(NotFound):
    """The document does not exist."""


class UnknownJob(NotFound):
    """The job does not exist."""


class UnknownApplication(NotFound):
    """The application does not exist."""


class UnknownAnnotation(NotFound):
    """The annotation does not exist."""


class UnknownSchedule(NotFound):
    """The application does not have this schedule of always-on workers."""


class UnknownModelModule(NotFound):
    """The model module does not exist."""


class NoDocuments(NotFound):
    """No document has the tag."""


class NoWorker(NotFound):
    """No worker runs jobs of this type."""


class JobOver(NotFound):
    """The job has already finished and cannot be started or canceled (404 or 403)."""


class ServiceFault(LeiaError):
    """LEIA, or a proxy in front of it, failed (5xx) or is overloaded (429)."""


class StorageFull(ServiceFault, OSError):
    """LEIA cannot store the file because its storage is full."""


class JobFailed(LeiaError):
    """A job has failed.

    Parameters
    ----------
    job_id : str
        The id of the job.
    reason : str or None
        The reason from LEIA.
    """

    def __init__(self, job_id: str, reason: str | None = None) -> None:
        detail = (reason or "LEIA gives no reason").rstrip(".")
        super().__init__(f"Job {job_id} failed: {detail}. See leia.jobs.get({job_id!r}).record.")
        self.job_id = job_id
        self.reason = reason


_PLAIN_REASON = "The job was canceled"


class JobCanceled(LeiaError):
    """A job was canceled.

    Parameters
    ----------
    job_id : str
        The id of the job.
    reason : str or None
        The reason from LEIA, if any.
    """

    def __init__(self, job_id: str, reason: str | None = None) -> None:
        detail = (reason or "").rstrip(".")
        detail = f" ({detail})" if detail and detail != _PLAIN_REASON else ""
        super().__init__(
            f"Job {job_id} was canceled{detail} and has not produced a result. Submit it again."
        )
        self.job_id = job_id
        self.reason = reason


class WaitTimeout(LeiaError, TimeoutError):
    """The jobs did not finish within the timeout; they continue.

    Parameters
    ----------
    message : str
        What happened.
    job_ids : tuple of str
        The jobs that have not finished.
    """

    def __init__(self, message: str = "", *, job_ids: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.job_ids = job_ids


class ServiceStartFailed(LeiaError):
    """The embedded service did not start."""


class MissingExtra(LeiaError, ImportError):
    """A package that an optional part needs is not installed."""


class IncompleteListing(UserWarning):
    """The listing changed while it was being read, so rows may be missing."""
