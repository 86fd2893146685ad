"""What names a model may have, and whom it may be opened to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import bad
from leia_nb.service.storage import tables

_SHORT_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LONGEST_NAME = 1000


def check_name(name: str, field: str = "name") -> str:
    """Return the name, or refuse an empty one (``name_empty``) or a too long one with 400."""
    if not name.strip():
        raise bad("name_empty", f"The model's {field} is empty. Give it a name.", field)
    if len(name) > _LONGEST_NAME:
        said = f"The model's {field} has {len(name)} characters; it may have at most"
        raise bad("invalid_parameter", f"{said} {_LONGEST_NAME:,}. Shorten it.", field)
    return name


def check_short_name(
    session: Session, short_name: str | None, *, keeper: str | None = None
) -> None:
    """Refuse a short name that is malformed or already another model's.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    short_name : str or None
        The short name; None is always right.
    keeper : str or None
        The id of the model that may have it already.

    Raises
    ------
    Refusal
        400 ``short_name_invalid`` or ``short_name_taken``.
    """
    if short_name is None:
        return
    if not _is_short_name(short_name):
        raise bad(
            "short_name_invalid",
            f"{short_name[:120]!r} cannot be a short name. Use 1 to 100 of the characters "
            "A-Z a-z 0-9 . _ - that are not just dots and do not look like an id.",
            "short_name",
        )
    taken = session.scalar(select(tables.Model.id).where(tables.Model.short_name == short_name))
    if taken is not None and taken != keeper:
        raise bad(
            "short_name_taken",
            f"The short name {short_name!r} belongs to another model already. "
            "Choose another one, or delete or rename that model.",
            "short_name",
        )


def check_applications(session: Session, application_ids: Iterable[str]) -> list[str]:
    """Return the ids sorted, each once, the empty ones left out; refuse unknown ones.

    Raises
    ------
    Refusal
        400 ``invalid_parameter`` naming the first unknown one.
    """
    wanted = sorted({identifier for identifier in application_ids if identifier})
    column = tables.Application.id
    known = set(session.scalars(select(column).where(column.in_(wanted))))
    for identifier in wanted:
        if identifier not in known:
            raise bad(
                "invalid_parameter",
                f"allowed_application_ids names an application {identifier!r} that does not "
                "exist. Check the id.",
                "allowed_application_ids",
            )
    return wanted


def _is_short_name(text: str) -> bool:
    return bool(_SHORT_NAME.fullmatch(text) and text.strip(".") and not tables.is_id(text))
