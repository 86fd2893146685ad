"""What the forms that submit a job have in common: apply and train."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.widgets.fields.job import JobField
from leia_nb.widgets.fields.owner import own
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.fields.validated import AddressField, HeadersField
from leia_nb.widgets.forms import job_progress
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.model_params import ModelParamsField

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.resources.job.handle import Job
    from leia_nb.widgets.fields.base import Field

_SHORT_LINE = 88


class JobForm(Form):
    """A form that submits one job and follows it to its end.

    Attributes
    ----------
    job : Job or None
        The last job that was submitted.
    """

    method: ClassVar[str]
    positional: ClassVar[tuple[str, ...]]
    _model_params: ModelParamsField

    def __init__(self, leia: Client, fields: Sequence[Field], more: Sequence[Field]) -> None:
        self.job: Job | None = None
        self._woken = threading.Event()
        super().__init__(leia, fields, more)

    def check(self) -> dict[str, str]:
        """Check what can be checked before sending; show and return the messages."""
        self._model_params.wait()
        return super().check()

    def call(self, values: dict[str, Any]) -> Any:
        """Submit the job, follow it, and return its result."""
        given = dict(values)
        arguments = [given.pop(name) for name in self.positional]
        job: Job = getattr(self.leia.models, self.method)(*arguments, **given)
        self.job = job
        self._submitted(job)
        return job_progress.follow(job, self.outcome, self._closed, self._woken)

    def _submitted(self, job: Job) -> None:
        """Do what is to be done once the job has been submitted: nothing by itself."""

    def source(self) -> str:
        """Return the lines that submit the job and fetch its result."""
        values = self.values
        parts = [self.literal(name) for name in self.positional]
        parts += [f"{name}={self.literal(name)}" for name in values if name not in self.positional]
        return f"job = {call_text(f'leia.models.{self.method}', parts)}\njob.result()"


def call_text(function: str, arguments: Sequence[str]) -> str:
    """Return a call as Python source, one argument per line if it is long.

    Examples
    --------
    >>> call_text("f", ["1", "b=2"])
    'f(1, b=2)'
    """
    short = f"{function}({', '.join(arguments)})"
    if len(short) <= _SHORT_LINE and "\n" not in short:
        return short
    lines = [textwrap.indent(argument, "    ") + ",\n" for argument in arguments]
    return f"{function}(\n{''.join(lines)})"


def after_field(leia: Client) -> JobField:
    """Return the field for the job that this one waits for."""
    return JobField(
        "execute_after_id",
        leia,
        label="Execute after",
        tooltip="Start when this job is PROCESSED, fail if it fails. Empty: start at once.",
    )


def passed_on_fields() -> list[Field]:
    """Return the fields that every job has, for under "More"."""
    return [
        AddressField(
            "callback_url",
            placeholder="https://…",
            label="Callback URL",
            tooltip="Where LEIA POSTs the job when it ends. Empty: nowhere.",
        ),
        HeadersField(
            "callback_headers",
            placeholder='{"X-Project": "digits"}',
            label="Callback headers",
            tooltip="Headers to send along there, as a JSON object of texts. Empty: none.",
        ),
    ]


def owner_field(tooltip: str) -> TextField:
    """Return the field for another application's id; for admins."""
    field = TextField(
        "application_id", placeholder="this application", label="Application id", tooltip=tooltip
    )
    field.control.continuous_update = False
    return field


def whose(owner: TextField) -> Mapping[str, Any]:
    """Return the keywords that list the objects of the application in the field."""
    return {"application_id": owner.value} if owner.value else own()
