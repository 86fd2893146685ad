"""Differences from LEIA's official SDK that are allowed, because the SDK violates its own API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import sdk
from .parity_cases import CASES, ZONED
from .recording_server import FILE


@dataclass(frozen=True)
class Difference:
    """A difference between requests: its location, the SDK's value and the client's value."""

    case: str
    place: str
    theirs: Any
    ours: Any


@dataclass(frozen=True)
class Defect:
    """A defect of the SDK: its versions, a description, and a test for a difference."""

    versions: tuple[str, ...]
    why: str
    shows: Callable[[Difference], bool]


DEFECTS = {
    "booleans in Python notation": Defect(
        sdk.VERSIONS,
        "sends True and False, where JSON and all other clients of the API use true and false",
        lambda d: d.theirs in (["True"], ["False"]) and d.ours == [d.theirs[0].lower()],
    ),
    "an empty object as body": Defect(
        ("1.0.9",),
        "sends the JSON body {} with every POST, PATCH and DELETE request without a body",
        lambda d: (
            (d.place == "body" and d.theirs == {} and d.ours is None)
            or (d.place == "header content-type" and d.ours is None)
        ),
    ),
    "model_params as a Python literal": Defect(
        ("1.0.9",),
        "sends model_params={'top': '3'} in the query, where the API expects one parameter per "
        "member; the client uses the body, which preserves types",
        lambda d: (
            d.case.endswith("-params")
            and (
                (d.place == "query model_params" and d.theirs[0].startswith("{'"))
                or (d.place == "body" and "model_params" in d.ours)
            )
        ),
    ),
    "model_params among the parameters": Defect(
        ("1.1.4",),
        "sends the members of model_params as query parameters, only as strings; a member with the "
        "name of a parameter replaces it; the client uses the body, which preserves both",
        lambda d: (
            d.case.endswith("-params")
            and (
                (d.place in ("query top", "query seed") and d.ours is None)
                or d.place in ("body", "header content-type")
            )
        ),
    ),
    "empty lists are omitted": Defect(
        sdk.VERSIONS,
        "omits empty lists, so that allowed_application_ids cannot be cleared",
        lambda d: d.place == "query allowed_application_ids" and not d.theirs and d.ours == [""],
    ),
    "times with a time zone": Defect(
        sdk.VERSIONS,
        "sends the time zone (1.1.4 unescaped, so that + is received as a space); the API uses UTC "
        "without a time zone",
        lambda d: (
            d.case == "list-zone"
            and d.theirs[0].replace(" ", "+").startswith(ZONED.isoformat()[:19])
            and d.ours == ["2026-01-02T01:04:05"]
        ),
    ),
    "values are not escaped": Defect(
        ("1.1.4",),
        "sends & in a value unescaped, so that the rest becomes another parameter",
        lambda d: d.place.startswith("query") and _split_at_ampersand(d),
    ),
    "Python names of enumerations": Defect(
        ("1.1.4",),
        "sends ModelTypes.CLASSIFICATION and FormatTypes.CLASSIFICATION instead of classification",
        lambda d: d.place.startswith("query") and "Types." in str(d.theirs),
    ),
    "a model file as text": Defect(
        ("1.1.4",),
        "accepts only str as body and encodes it as UTF-8, which changes bytes from 0x80 on",
        lambda d: d.place == "body" and d.theirs == FILE.decode("latin-1").encode(),
    ),
}


def _split_at_ampersand(difference):
    """Return whether a value was cut off at its &, or the parameter is the part after one."""
    if difference.ours is None:
        rest = f"&{difference.place.removeprefix('query ')}"
        return rest in str(CASES[difference.case].sdk_parameters)
    return difference.theirs == [value.partition("&")[0] for value in difference.ours]


def explained(version, difference):
    """Return the names of the defects that explain a difference."""
    return [
        name
        for name, defect in DEFECTS.items()
        if version in defect.versions and defect.shows(difference)
    ]
