"""The description of a model in its file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.errors import InvalidInput

FORMAT_VERSION = 1


class ModelFileError(InvalidInput):
    """A file is not a valid model file; the message gives the reason."""


@dataclass(frozen=True)
class ModelDescription:
    """The description of a model in its file.

    Parameters
    ----------
    model_type : str
        A `ModelType` wire value, e.g. ``"classification"``.
    input_types : tuple of str
        `ModelInputType` wire values; the supported inputs.
    model_module : str
        The trainer that created the model and applies it.
    model_clazz : str
        The estimator's class, for display.
    documentation : str or None
        How the model was created, in plain text.
    output_format : dict or None
        The format of one result.
    speed : str or None
        A `Speed` wire value.
    accuracy : float or None
        Cross-validated share of correct results, 0 to 1; None if unknown.
    parameters : dict
        The training parameters that the trainer needs again when it applies the model.
    categories : tuple of str or None
        A classifier's categories, in the order of its probabilities.
    extra : dict
        Members that this version does not know, unchanged.

    Examples
    --------
    >>> description = ModelDescription("classification", ("image",), "image_classifier", "Pipeline")
    >>> ModelDescription.from_json(description.to_json()) == description
    True
    """

    model_type: str
    input_types: tuple[str, ...]
    model_module: str
    model_clazz: str
    documentation: str | None = None
    output_format: dict[str, Any] | None = None
    speed: str | None = None
    accuracy: float | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    categories: tuple[str, ...] | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the members of `leia-model.json`."""
        members = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        extra = members.pop("extra")
        members["input_types"] = list(self.input_types)
        members["categories"] = None if self.categories is None else list(self.categories)
        return {"format": FORMAT_VERSION, **members, **extra}

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ModelDescription:
        """Read and check the members of `leia-model.json`.

        Parameters
        ----------
        members : mapping
            The JSON object.

        Returns
        -------
        ModelDescription
            Unknown members are in `extra`.

        Raises
        ------
        ModelFileError
            If the format is not supported, or a member is missing or invalid.
        """
        _check_format(members.get("format"))
        names = {f.name for f in dataclasses.fields(cls)} - {"extra"}
        known = {name: members[name] for name in names if name in members}
        for name, check in _CHECKS.items():
            _check_member(known, name, check)
        known["input_types"] = tuple(known["input_types"])
        if known.get("categories") is not None:
            known["categories"] = tuple(known["categories"])
        extra = {k: v for k, v in members.items() if k not in names and k != "format"}
        return cls(**known, extra=extra)


def encode(description: ModelDescription) -> bytes:
    """Return `leia-model.json` in its one canonical form (UTF-8, sorted keys)."""
    return json.dumps(
        description.to_json(), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False
    ).encode()


def decode(data: bytes) -> ModelDescription:
    """Read `leia-model.json`; raise `ModelFileError` if it is not valid."""
    return ModelDescription.from_json(decode_object(data, "its leia-model.json", strict=True))


def decode_object(data: bytes, name: str, *, strict: bool = False) -> dict[str, Any]:
    """Read a JSON object; raise `ModelFileError` if `data` is something else."""
    try:
        members = json.loads(data)
        if strict:  # a response can contain it: without NaN and lone surrogates
            json.dumps(members, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{name} is not valid JSON ({error})") from None
    if not isinstance(members, dict):
        raise ModelFileError(f"{name} is not a JSON object")
    return members


def _check_format(version: object) -> None:
    if version is None:
        raise ModelFileError("its leia-model.json lacks the member 'format'")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise ModelFileError(
            f"its leia-model.json has format {version!r}, and this version of leia_nb reads "
            f"format {FORMAT_VERSION} only"
        )


def _check_member(members: dict[str, Any], name: str, check: _Check) -> None:
    if name not in members:
        if check.optional:
            return
        raise ModelFileError(f"its leia-model.json lacks the member {name!r}")
    value = members[name]
    if value is None and check.optional and name != "parameters":
        return
    if not check.holds(value):
        raise ModelFileError(
            f"its leia-model.json has {name} = {value!r:.80}, expected {check.expected}"
        )


@dataclass(frozen=True)
class _Check:
    expected: str
    optional: bool = False
    kind: type = str
    choices: frozenset[str] | None = None
    share: bool = False

    def holds(self, value: object) -> bool:
        if self.share:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and 0 <= value <= 1  # type: ignore[operator]
        if not isinstance(value, self.kind) or value == "":
            return False
        items = value if isinstance(value, list) else [value]
        if self.kind is list and not (items and all(isinstance(v, str) and v for v in items)):
            return False
        return self.choices is None or self.choices.issuperset(items)


def _one_of(values: frozenset[str]) -> str:
    return "one of " + ", ".join(sorted(values))


_TYPES = frozenset(str(t) for t in ModelType)
_INPUTS = frozenset(str(t) for t in ModelInputType)
_CHECKS = {
    "model_type": _Check(_one_of(_TYPES), choices=_TYPES),
    "input_types": _Check(
        "a list out of " + ", ".join(sorted(_INPUTS)), kind=list, choices=_INPUTS
    ),
    "model_module": _Check("a trainer's name"),
    "model_clazz": _Check("a class name"),
    "documentation": _Check("text", optional=True),
    "output_format": _Check("an object", optional=True, kind=dict),
    "speed": _Check("text", optional=True),
    "accuracy": _Check("a number from 0 to 1", optional=True, share=True),
    "parameters": _Check("an object", optional=True, kind=dict),
    "categories": _Check("a list of names", optional=True, kind=list),
}
