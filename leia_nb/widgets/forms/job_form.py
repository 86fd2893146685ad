"""What the forms that submit a job share: apply and train."""

from __future__ import annotations

import textwrap
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.errors import LeiaError, NotReady
from leia_nb.resources.job import polling
from leia_nb.resources.job.handle import Job, status_reader
from leia_nb.widgets.common.background import in_thread
from leia_nb.widgets.fields.list_scope import own_scope
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.model_params import ModelParamsField

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.widgets.fields.base import Field
    from leia_nb.widgets.fields.simple import TextField

_LINE_LENGTH = 88
_REDRAW = 0.5  # seconds


class JobForm(Form):
    """A form that submits one job and follows it until it has finished.

    Attributes
    ----------
    job : Job or None
        The last submitted job.
    """

    method: ClassVar[str]
    positional: ClassVar[tuple[str, ...]]
    _model_params: ModelParamsField

    def __init__(self, leia: Client, fields: Sequence[Field], more: Sequence[Field]) -> None:
        self.job: Job | None = None
        self._job_changed = threading.Event()
        super().__init__(leia, fields, more)

    def check(self) -> dict[str, str]:
        """Check what can be checked before sending; show and return the messages."""
        self._model_params.wait()
        return super().check()

    def call(self, values: dict[str, Any]) -> Any:
        """Submit the job, follow it, and return its result."""
        options = dict(values)
        arguments = [options.pop(name) for name in self.positional]
        job: Job = getattr(self.leia.models, self.method)(*arguments, **options)
        self.job = job
        self._submitted(job)
        return self._follow(job)

    def _submitted(self, job: Job) -> None:
        """React to the submission of the job; a hook for subclasses."""

    def _follow(self, job: Job) -> Any:
        """Show the job's status until it has finished; return its result."""
        self.result_panel.offer_cancel(
            lambda: in_thread(self._cancel, job, name="leia: cancel job")
        )
        statuses: polling.Statuses = {job.id: ""}
        for pause in polling.watch(status_reader([job]), statuses):
            end = time.monotonic() + pause
            while not self._closed.is_set():
                self.result_panel.show_status(statuses[job.id])
                remaining = end - time.monotonic()
                if remaining <= 0 or self._job_changed.wait(min(remaining, _REDRAW)):
                    break
            self._job_changed.clear()
            if self._closed.is_set():
                raise NotReady(
                    f"The form was closed before job {job.id} had finished. The job continues; "
                    f"wait for it with {polling.resume_line([job.id])}"
                )
        return job.wait(progress=False)  # only reads the result: the job has finished

    def _cancel(self, job: Job) -> None:
        try:
            job.cancel()
        except LeiaError as error:
            self.result_panel.show_error(str(error))
            self.result_panel.cancel_button.disabled = False
        self._job_changed.set()  # read its status at once

    def source(self) -> str:
        """Return the lines that submit the job and fetch its result."""
        arguments = [self.literal(name) for name in self.positional]
        arguments += self.keywords(self.positional)
        return f"job = {call_source(f'leia.models.{self.method}', arguments)}\njob.result()"


def call_source(function: str, arguments: Sequence[str]) -> str:
    """Return a call as Python source, one argument per line if it is long.

    Examples
    --------
    >>> call_source("f", ["1", "b=2"])
    'f(1, b=2)'
    """
    short = f"{function}({', '.join(arguments)})"
    if len(short) <= _LINE_LENGTH and "\n" not in short:
        return short
    lines = [textwrap.indent(argument, "    ") + ",\n" for argument in arguments]
    return f"{function}(\n{''.join(lines)})"


def listing_scope(application: TextField) -> Mapping[str, Any]:
    """Return the keywords that list the objects of the application in a field."""
    return {"application_id": application.value} if application.value else own_scope()
