"""What the forms that submit a job share: apply and train."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.widgets.fields.owner import own
from leia_nb.widgets.forms import job_progress
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.model_params import ModelParamsField

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.resources.job.handle import Job
    from leia_nb.widgets.fields.base import Field
    from leia_nb.widgets.fields.simple import TextField

_LINE_LENGTH = 88


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
        return job_progress.follow(job, self.result_panel, self._closed, self._job_changed)

    def _submitted(self, job: Job) -> None:
        """React to the submission of the job; a hook for subclasses."""

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
    return {"application_id": application.value} if application.value else own()
