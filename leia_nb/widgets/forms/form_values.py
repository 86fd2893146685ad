"""Fill in fields by name, and combine the messages of several fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators

if TYPE_CHECKING:
    from leia_nb.widgets.fields.base import Field


def fill(
    fields: Mapping[str, Field], values: Mapping[str, Any], owner: str, what: str = "field"
) -> None:
    """Fill in the fields of `owner`; None empties a field.

    An unknown name raises `InvalidInput` before any field is filled in; `what` is how the
    message calls a field. A value that a field cannot hold raises it with the field's name.
    """
    for name in values:
        if name not in fields:
            raise InvalidInput(
                f"{owner} has no {what} {name!r}. Its {what}s: {', '.join(fields)}.", field=name
            )
    for name, value in values.items():
        try:
            fields[name].fill(value)
        except InvalidInput as error:
            error.field = name
            raise
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidInput(
                f"{name} cannot be {validators.shown(value)}: {error}", field=name
            ) from None


def combined_error(errors: Mapping[str, str]) -> InvalidInput:
    """Return one error for the messages of several fields, or of the form (``""``).

    Examples
    --------
    >>> print(combined_error({"name": "Name is empty.", "ttl": "Too long."}))
    2 fields are invalid:
      name: Name is empty.
      ttl: Too long.
    """
    field, message = next(iter(errors.items()))
    if len(errors) > 1:
        lines = [f"\n  {name or 'the form'}: {text}" for name, text in errors.items()]
        message = f"{len(errors)} fields are invalid:{''.join(lines)}"
    return InvalidInput(message, field=field or None)
