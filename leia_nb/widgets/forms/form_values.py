"""Filling fields in by name, and saying what is wrong with several at once."""

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
    """Fill fields in by name.

    Parameters
    ----------
    fields : mapping of str to Field
        The fields.
    values : mapping of str to object
        What to put in; None empties a field.
    owner : str
        Whose fields they are, for messages.
    what : str
        What they are called there.

    Raises
    ------
    InvalidInput
        If there is no such field; then nothing is filled in. Also if a field cannot
        hold its value; its `field` is the field's name.
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


def together(errors: Mapping[str, str]) -> InvalidInput:
    """Return one error that says everything that is wrong.

    Parameters
    ----------
    errors : mapping of str to str
        Field name, or ``""``, to message.

    Examples
    --------
    >>> print(together({"name": "Name is empty.", "ttl": "Too long."}))
    2 fields are wrong:
      name: Name is empty.
      ttl: Too long.
    """
    field, message = next(iter(errors.items()))
    if len(errors) > 1:
        lines = [f"\n  {name or 'the form'}: {said}" for name, said in errors.items()]
        message = f"{len(errors)} fields are wrong:{''.join(lines)}"
    return InvalidInput(message, field=field or None)
