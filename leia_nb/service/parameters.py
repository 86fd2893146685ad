"""Parameters of a trainer: their defaults, their ranges, and how they are read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class InvalidParameters(ValueError):
    """A member of `model_params` that is unknown, of the wrong kind, or out of range.

    Its text names the member and says what it is, or which are known; `field` is the
    parameter of the API whose member it is.
    """

    code = "invalid_model_params"
    field = "model_params"

    @property
    def message(self) -> str:
        """The text."""
        return str(self)


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    Parameters
    ----------
    name : str
        Its name in `model_params`.
    default : bool, int, float, str or None
        Its value when it is not given; its type is the parameter's, int for None.
    about : str
        What it does, with its unit.
    minimum, maximum : float or None
        The range of a number, both ends included.
    choices : tuple of str
        The values of a text.
    """

    name: str
    default: bool | int | float | str | None
    about: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """What a value must be, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if isinstance(self.default, bool):
            return "true or false"
        kind = "a number" if isinstance(self.default, float) else "a whole number"
        if self.maximum is None:
            return f"{kind} from {_plain(self.minimum)}"
        return f"{kind} from {_plain(self.minimum)} to {_plain(self.maximum)}"

    @property
    def line(self) -> str:
        """The parameter in one line, for messages and documentation."""
        return f"{self.name} ({self.wanted}; default {_shown(self.default)}): {self.about}"

    def read(self, value: Any) -> Any:
        """Return a value in the parameter's type; raise ValueError if it is not one."""
        if value is None:
            return self.default
        if self.choices:
            return self._choice(value)
        if isinstance(self.default, bool):
            return _truth(value)
        number = _real(value) if isinstance(self.default, float) else _whole(value)
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError(value)
        return number

    def _choice(self, value: Any) -> str:
        if value not in self.choices:
            raise ValueError(value)
        return str(value)


def read(
    known: Sequence[Parameter],
    given: Mapping[str, Any],
    owner: str,
    refusal: type[InvalidParameters] = InvalidParameters,
) -> dict[str, Any]:
    """Read `model_params`; strings, as a query has them, are parsed.

    Parameters
    ----------
    known : sequence of Parameter
        The parameters there are.
    given : mapping
        The members given.
    owner : str
        Whose parameters they are, for messages.
    refusal : type
        What to raise; its `field` names what was given. Default: `InvalidParameters`.

    Returns
    -------
    dict
        Every known parameter, in their order, with its value or default.

    Raises
    ------
    InvalidParameters
        If a member is unknown, of the wrong kind, or out of range.

    Examples
    --------
    >>> read([Parameter("folds", 5, "parts", 2, 20)], {"folds": "3"}, "a training")
    {'folds': 3}
    """
    by_name = {parameter.name: parameter for parameter in known}
    for name in given:
        if name not in by_name:
            message = f"{refusal.field}: {owner} has no parameter {name!r:.80}. "
            raise refusal(message + _all(known, refusal.field))
    values = {}
    for name, parameter in by_name.items():
        try:
            values[name] = parameter.read(given.get(name))
        except (ValueError, TypeError, OverflowError):
            wrong = f"{name} = {given[name]!r:.80} is not {parameter.wanted}"
            usual = f"(default {_shown(parameter.default)}). {name}: {parameter.about}"
            raise refusal(f"{refusal.field}: {wrong} {usual}.") from None
    return values


def _all(known: Sequence[Parameter], field: str) -> str:
    if not known:
        return f"It has no parameters; leave {field} out."
    return "Known are: " + "; ".join(p.line for p in known) + "."


def _plain(number: float | None) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"


def _shown(value: object) -> str:
    if value is None:
        return "all"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return (
        _TRUTHS[str(value).strip().lower()] if str(value).strip().lower() in _TRUTHS else _no(value)
    )


def _no(value: Any) -> bool:
    raise ValueError(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    if not isinstance(value, int | float | str):
        raise TypeError(value)
    return int(value)


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number
