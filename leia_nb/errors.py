"""Every error of this package.

::

    LeiaError
     ├─ InvalidInput (ValueError)            refused here, before anything was sent
     ├─ NotReady                             asked for a result that is not there yet
     ├─ ConnectionFailed (ConnectionError)   LEIA could not be reached, or the line broke
     ├─ RequestTimeout (TimeoutError)        LEIA did not answer in time
     ├─ OutcomeUnknown                       sent, but whether LEIA did it is not known
     ├─ UnexpectedAnswer                     an answer that is not LEIA's
     ├─ DamagedTransfer                      size or md5 of a file are not right
     ├─ LoginFailed (PermissionError)        the API key is not accepted
     ├─ NotLoggedIn (PermissionError)        401 even after a new login
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
     ├─ JobFailed, JobCanceled               how a job ended
     ├─ WaitTimeout (TimeoutError)           the job is still going on
     ├─ ServiceStartFailed                   the embedded service does not start
     └─ MissingExtra (ImportError)           an optional part is not installed

    IncompleteListing (UserWarning)          a listing that would not hold still
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
        The HTTP status, if LEIA answered.
    code : str, optional
        LEIA's short name for what is wrong, e.g. ``"short_name_taken"``.
    field : str, optional
        The parameter at fault, by its LEIA name.
    retryable : bool, default False
        Whether the same call may well succeed later.
    retry_after : float, optional
        Seconds after which LEIA says to try again.

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
    """A value that this package refuses before it sends anything."""


class NotReady(LeiaError):
    """A result that was asked for before it exists."""


class ConnectionFailed(LeiaError, ConnectionError):
    """LEIA could not be reached, or the connection broke while it answered."""


class RequestTimeout(LeiaError, TimeoutError):
    """LEIA did not answer in time."""


class OutcomeUnknown(LeiaError):
    """A request was sent, but whether LEIA carried it out is not known.

    It is not sent again by itself, because it could then happen twice.
    """


class UnexpectedAnswer(LeiaError):
    """An answer that LEIA does not give: no JSON, a redirect, a field of the wrong kind."""


class DamagedTransfer(LeiaError):
    """A file whose size or md5 differs between here and LEIA."""


class LoginFailed(LeiaError, PermissionError):
    """The API key is not accepted."""


class NotLoggedIn(LeiaError, PermissionError):
    """LEIA says 401 even right after a login, or an admin call was made by another login."""


class Forbidden(LeiaError, PermissionError):
    """LEIA understood the call but does not allow it."""


class NotAClassifier(Forbidden):
    """`format_type="classification"` was asked of a model that is no classifier."""


class NotTrainable(Forbidden):
    """The model module exists but cannot be trained."""


class NotYours(Forbidden):
    """The object is another application's, and not open to this one."""


class BadRequest(LeiaError, ValueError):
    """LEIA refuses the values it was sent."""


class InvalidModelFile(InvalidInput, BadRequest):
    """The file is no LEIA model."""


class InvalidPageRange(InvalidInput, BadRequest):
    """A `page_range` that is malformed, or given without `execute_after_id`."""


class InvalidParameters(BadRequest):
    """The `model_params` or `transform_params` are not those that are known there."""


class InvalidRules(InvalidInput, BadRequest):
    """The `rules` of a conditional job are malformed; the text names the rule and its part."""


class ShortNameTaken(BadRequest):
    """Another model has this short name."""


class EmailTaken(BadRequest):
    """Another application has this e-mail address (409)."""


class NoWorkerMode(BadRequest):
    """The service does not run jobs in workers."""


class UnusableDocuments(BadRequest):
    """The documents cannot be used for this."""


class NotFound(LeiaError, LookupError):
    """LEIA does not know the object, or does not show it to this application."""


class UnknownModel(NotFound):
    """There is no such model."""


class UnknownDocument(NotFound):
    """There is no such document."""


class UnknownJob(NotFound):
    """There is no such job."""


class UnknownApplication(NotFound):
    """There is no such application."""


class UnknownAnnotation(NotFound):
    """There is no such annotation."""


class UnknownSchedule(NotFound):
    """The application has no such schedule of always-on workers."""


class UnknownModelModule(NotFound):
    """There is no such model module."""


class NoDocuments(NotFound):
    """No document carries the tag."""


class NoWorker(NotFound):
    """No worker runs jobs of this type."""


class JobOver(NotFound):
    """The job has ended already, so there is nothing to start or cancel (404 or 403)."""


class ServiceFault(LeiaError):
    """LEIA, or something in front of it, has a problem of its own (5xx, or 429)."""


class StorageFull(ServiceFault, OSError):
    """LEIA has no room left for the file."""


class JobFailed(LeiaError):
    """A job ended as FAILED.

    Parameters
    ----------
    job_id : str
        The id of the job.
    reason : str or None
        LEIA's own words.
    """

    def __init__(self, job_id: str, reason: str | None = None) -> None:
        why = (reason or "LEIA gives no reason").rstrip(".")
        super().__init__(f"Job {job_id} failed: {why}. See leia.jobs.get({job_id!r}).record.")
        self.job_id = job_id
        self.reason = reason


_ONLY_CANCELED = "The job was canceled"


class JobCanceled(LeiaError):
    """A job was canceled.

    Parameters
    ----------
    job_id : str
        The id of the job.
    reason : str or None
        LEIA's own words, if any.
    """

    def __init__(self, job_id: str, reason: str | None = None) -> None:
        said = (reason or "").rstrip(".")
        why = f" ({said})" if said and said != _ONLY_CANCELED else ""
        super().__init__(f"Job {job_id} was canceled{why}; it has no result. Submit it again.")
        self.job_id = job_id
        self.reason = reason


class WaitTimeout(LeiaError, TimeoutError):
    """The waiting took longer than asked; the jobs go on.

    Parameters
    ----------
    message : str
        What happened.
    job_ids : tuple of str
        The jobs that are not over.
    """

    def __init__(self, message: str = "", *, job_ids: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.job_ids = job_ids


class ServiceStartFailed(LeiaError):
    """The embedded service does not start."""


class MissingExtra(LeiaError, ImportError):
    """An optional part of this package is not installed."""


class IncompleteListing(UserWarning):
    """A listing whose rows kept changing while it was read, so that some may be missing."""
