"""Extend schemathesis with the format of times without a time zone."""

import schemathesis
from hypothesis import strategies as st


def _format(time):
    return time.isoformat(timespec="seconds")


schemathesis.openapi.format("date-time-local", st.datetimes().map(_format))
