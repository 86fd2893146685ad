"""How an edit says when workers of an application are always on."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from leia_nb.service.api_errors import bad
from leia_nb.service.routes.parameter_types import SaidQuery
from leia_nb.service.storage.application_changes import ScheduleDraft

_PREFIX = "always_on_"
_NEEDED = ("number", "start_days", "start_hour", "stop_hour")


def _split(value: Any) -> Any:
    """Take days that came as one text, ``1,2,3``, apart."""
    values = value if isinstance(value, list) else [value]
    return [part for v in values for part in (v.split(",") if isinstance(v, str) else [v])]


_Day = Annotated[int, Field(ge=1, le=7)]
_Days = Annotated[list[_Day], BeforeValidator(_split)]


class ScheduleQuery(SaidQuery):
    """A schedule that is to be added: all of these that have no default, or none."""

    always_on_number: int | None = Field(
        None, ge=1, le=10**6, description="Add a schedule: how many workers are to be there."
    )
    always_on_start_days: _Days | None = Field(
        None, description="On which days of the week, 1 (Monday) to 7."
    )
    always_on_start_hour: int | None = Field(None, ge=0, le=23, description="From this hour,")
    always_on_stop_hour: int | None = Field(None, ge=0, le=23, description="to this hour;")
    always_on_start_minute: int | None = Field(None, ge=0, le=59, description="from this minute,")
    always_on_stop_minute: int | None = Field(None, ge=0, le=59, description="to this minute.")
    always_on_workers_model_ids: list[str] | None = Field(
        None, description="The models that these workers load at once."
    )

    def schedule(self) -> ScheduleDraft | None:
        """Return the schedule, or None if nothing was said of one.

        Raises
        ------
        Refusal
            400 if only a part was said.
        """
        said = {
            name.removeprefix(_PREFIX): getattr(self, name) for name in ScheduleQuery.model_fields
        }
        said = {name: value for name, value in said.items() if value is not None}
        if not said:
            return None
        for name in _NEEDED:
            if name not in said:
                field = _PREFIX + name
                message = f"A schedule needs {field} too. Give it, or none of the always_on_…."
                raise bad("invalid_parameter", message, field)
        models = said.pop("workers_model_ids", [])
        days = tuple(said.pop("start_days"))
        model_ids = tuple(model for model in models if model)
        return ScheduleDraft(start_days=days, model_ids=model_ids, **said)
