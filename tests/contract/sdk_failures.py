"""Calls of LEIA's official SDK that fail with every service."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """A failing call: the SDK's error, the status of the response, and the cause."""

    error: str
    answered: int | None
    why: str
    quoted: str = ""


def _enumeration(name):
    why = "sends the Python name of an enumeration"
    return Failure("ApiException", 400, why, f", got {name!r}")


_RESULT = Failure("ValidationError", 200, "cannot parse the result of a job")
FAILURES = {
    "1.0.9": {},
    "1.1.4": {
        "annotate": _enumeration("AnnotationTypes.TYPING"),
        "models by type": _enumeration("ModelTypes.CLASSIFICATION"),
        "apply by type": _enumeration("FormatTypes.CLASSIFICATION"),
        "jobs by status": _enumeration("Statuses.PROCESSED"),
        "read the training": _RESULT,
        "read the job": _RESULT,
        "statuses": Failure("AttributeError", 200, "treats the mapping of statuses as a class"),
        "download model": Failure("AttributeError", 200, "its helper treats a tuple as a response"),
        "create model": Failure("ValidationError", None, "accepts a model file only as text"),
    },
}
