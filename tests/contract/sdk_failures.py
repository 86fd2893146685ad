"""What LEIA's official SDK cannot do by itself, whatever service it talks to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """A step that the SDK cannot do: its error, what the service had answered, and why."""

    error: str
    answered: int | None
    why: str
    quoted: str = ""


def _enumeration(name):
    why = "sends an enumeration by its Python name"
    return Failure("ApiException", 400, why, f"({name!r} was given)")


_RESULT = Failure("ValidationError", 200, "cannot read a job's result, whatever it is")
FAILURES = {
    "1.0.9": {},
    "1.1.4": {
        "annotate": _enumeration("AnnotationTypes.TYPING"),
        "models by type": _enumeration("ModelTypes.CLASSIFICATION"),
        "apply by type": _enumeration("FormatTypes.CLASSIFICATION"),
        "jobs by status": _enumeration("Statuses.PROCESSED"),
        "read the training": _RESULT,
        "read the job": _RESULT,
        "statuses": Failure("AttributeError", 200, "takes the map of statuses for a class"),
        "download model": Failure("AttributeError", 200, "its helper takes a tuple for an answer"),
        "create model": Failure("ValidationError", None, "takes a model file as text only"),
    },
}
