"""What schemathesis is given beside the document: how a time without zone is made up."""

import schemathesis
from hypothesis import strategies as st


def _written(time):
    return time.isoformat(timespec="seconds")


schemathesis.openapi.format("date-time-local", st.datetimes().map(_written))
