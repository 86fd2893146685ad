"""Where LEIA's official SDK departs from its own API: the differences that are allowed, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import sdk
from .parity_cases import CASES, ZONED
from .recording import FILE


@dataclass(frozen=True)
class Difference:
    """What differs: the place, what the SDK sends, what our client sends."""

    case: str
    place: str
    theirs: Any
    ours: Any


@dataclass(frozen=True)
class Defect:
    """A defect of the SDK: in which versions, why it is one, and how it shows."""

    versions: tuple[str, ...]
    why: str
    shows: Callable[[Difference], bool]


DEFECTS = {
    "a boolean as Python writes it": Defect(
        sdk.VERSIONS,
        "sends True and False; JSON and every other client of the API write true and false",
        lambda d: d.theirs in (["True"], ["False"]) and d.ours == [d.theirs[0].lower()],
    ),
    "an empty object as body": Defect(
        ("1.0.9",),
        "sends {} as JSON with every POST, PATCH and DELETE that has no body",
        lambda d: (
            (d.place == "body" and d.theirs == {} and d.ours is None)
            or (d.place == "header content-type" and d.ours is None)
        ),
    ),
    "model_params as Python's text": Defect(
        ("1.0.9",),
        "sends model_params={'top': '3'} in the query where the API wants a parameter per member; "
        "ours go in the body, which keeps their types",
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
        "spreads model_params over the query: texts only, and a member called like a parameter "
        "replaces it; ours go in the body, which keeps types and names apart",
        lambda d: (
            d.case.endswith("-params")
            and (
                (d.place in ("query top", "query seed") and d.ours is None)
                or d.place in ("body", "header content-type")
            )
        ),
    ),
    "an empty list is not sent": Defect(
        sdk.VERSIONS,
        "sends nothing for an empty list, so that nobody can clear allowed_application_ids",
        lambda d: d.place == "query allowed_application_ids" and not d.theirs and d.ours == [""],
    ),
    "a time with a zone": Defect(
        sdk.VERSIONS,
        "sends the zone along (1.1.4 unescaped, so that + arrives as a space); the API's times "
        "are UTC without one",
        lambda d: (
            d.case == "list-zone"
            and d.theirs[0].replace(" ", "+").startswith(ZONED.isoformat()[:19])
            and d.ours == ["2026-01-02T01:04:05"]
        ),
    ),
    "values are not escaped": Defect(
        ("1.1.4",),
        "sends & in a value as it is, so that what follows becomes another parameter",
        lambda d: d.place.startswith("query") and _torn(d),
    ),
    "enumerations by their Python names": Defect(
        ("1.1.4",),
        "sends ModelTypes.CLASSIFICATION and FormatTypes.CLASSIFICATION for classification",
        lambda d: d.place.startswith("query") and "Types." in str(d.theirs),
    ),
    "a model file as text": Defect(
        ("1.1.4",),
        "takes only str as body and encodes it anew, so that bytes from 0x80 on are doubled",
        lambda d: d.place == "body" and d.theirs == FILE.decode("latin-1").encode(),
    ),
}


def _torn(difference):
    """Whether a value was cut at its &, or the parameter is what stood behind one."""
    if difference.ours is None:
        behind = f"&{difference.place.removeprefix('query ')}"
        return behind in str(CASES[difference.case].told)
    return difference.theirs == [value.partition("&")[0] for value in difference.ours]


def explained(version, difference):
    """Return the names of the defects that a difference shows."""
    return [
        name
        for name, defect in DEFECTS.items()
        if version in defect.versions and defect.shows(difference)
    ]
