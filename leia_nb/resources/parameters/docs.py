"""Documentation that methods share: a line ``%(scope)s`` in a docstring becomes its entry below.

model : str or object
    The model: its id, short name or record.

document : str or object
    The document: its id or record.

documents : ids or objects
    The documents: ids, records, a DataFrame or its column.

annotation : str or object
    The annotation: its id or record.

application : str or object
    The application: its id or record.

job : str or object
    The job: its id, record or handle.

jobs : ids or objects
    The jobs: ids, records, handles, a DataFrame or its column.

tag : str
    The tag.

tags : sequence of str
    The tags of the new object.

tags_filter=tags : sequence of str, optional
    Only rows that have all of these tags.

created=created_after, created_before : datetime, date or str, optional
    Only rows created at or after / before this time; UTC unless it has a time zone.

paging=offset : int, optional
    The first row to return, counted from 0.
limit : int, optional
    The most rows to return; default: all.
progress : bool
    Whether to show a progress bar if there is more than one page.

progress : bool
    Whether to show a progress bar, in bytes.

progress_stage=progress : bool
    Whether to show the stage of the job and the elapsed time.

timeout : float, optional
    Seconds after which to stop waiting; default: no limit.

scope : "admin" or "plain", optional
    Which of LEIA's two calls to use; default: the one that matches the login.

scope_of_job=scope : "admin" or "plain", optional
    Which of LEIA's two calls to use; default: that of the handle, else of the login.

application_id : str or object, optional
    The owner (admin login only); default: the object's owner, else this application.

application_id_filter=application_id : str or object, optional
    Only rows of this application (admin login only).

submitter_id : str or object, optional
    The application that submitted it (admin login only); default: as the object says,
    else this application.

execute_after_id : str or job, optional
    Start once this job is PROCESSED; fail if it fails or is canceled.

page_range : str, optional
    The pages of that job's results to use, counted from 0, as Python slices separated
    by commas: ``"0,2:5,-1"``. Requires `execute_after_id`.

block_processing : bool, optional
    Hold the job until `Job.start` is called; default: no.

callback=callback_url : str, optional
    The URL that LEIA POSTs the job to when it ends.
callback_headers : mapping, optional
    HTTP headers to send to that URL.

short_name : str, optional
    A unique name that can replace the id: 1 to 100 letters, digits, dots, dashes and
    underscores.

access=allowed_application_ids : ids or objects, optional
    Other applications that may use the model.
allow_all_applications : bool, optional
    Whether all applications may use it; default: no.

model_ttl=ttl : int, optional
    Seconds that an idle worker keeps the model loaded; negative: no limit; default: 200.

workers=default_job_callback_url : str, optional
    The URL that LEIA POSTs jobs to when they end, unless the job has its own.
dedicated_workers : bool, optional
    Whether the application has dedicated workers.
dedicated_workers_ttl : int, optional
    Seconds that a dedicated worker stays alive when idle.
dedicated_workers_max_models : int, optional
    The most models that a dedicated worker keeps loaded.

image=max_size : int, optional
    Scale an image down to this many pixels on its longest side.
jpeg_compression : int, optional
    Recompress an image with this quality in percent, 1 to 100.

job_type : JobType or str
    The type of job, e.g. ``"predict"``.

InvalidInput
    If a value is invalid; nothing was sent.

NoChanges=InvalidInput
    If a value is invalid or no changes are given; nothing was sent.

InvalidFile=InvalidInput
    If a value is invalid or the file cannot be read; nothing was sent.

Forbidden
    If this is not an admin login.

UnknownModel
    If the model does not exist.

UnknownDocument, NotYours
    If the document does not exist or belongs to another application.

UnknownAnnotation
    If the annotation does not exist.

UnknownApplication
    If the application does not exist.

UnknownJob, NotYours
    If the job does not exist or another application submitted it.

JobOver
    If the job has already ended.

WaitTimeout
    If the job has not finished in time; it keeps running.

OutcomeUnknown
    If the connection broke before LEIA responded.

ShortNameTaken
    If another model has this short name.

EmailTaken
    If another application has this e-mail address.

NoOwner=UnknownApplication, BadRequest
    If `application_id` or one of `allowed_application_ids` does not exist.

DamagedDownload=DamagedTransfer
    If the file does not arrive complete.

DamagedUpload=DamagedTransfer
    If LEIA stored something else than was sent; it is deleted again.

StorageFull
    If LEIA's storage is full.

NoWorker
    If no worker runs jobs of this type.

NoWorkerMode
    If the service does not run jobs in workers.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import Any

_PLACEHOLDER = re.compile(r"(?m)^([ \t]*)%\((\w+)\)s$")

ENTRIES = {
    re.split(r"\W", entry, maxsplit=1)[0]: re.sub(r"^\w+=", "", entry).rstrip()
    for entry in (__doc__ or "").split("\n\n")[1:]
}
"""The entries by key: what stands before ``=``, else the first word."""


def fill_in(function: Callable[..., Any]) -> None:
    """Replace the placeholders in a function's docstring."""
    if function.__doc__ is not None:  # python -OO strips docstrings
        function.__doc__ = _PLACEHOLDER.sub(_entry, function.__doc__)


def _entry(match: re.Match[str]) -> str:
    return textwrap.indent(ENTRIES[match[2]], match[1])
