"""Applications and their logins. Keys and tokens are kept as SHA-256 only."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from leia_nb.enums import ApplicationType
from leia_nb.service.api_errors import unknown
from leia_nb.service.storage import tables

_TOUCH_SHARE = 0.1
_log = logging.getLogger(__name__)


def digest(secret: str) -> str:
    """Return the form in which a key or token is kept: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def ensure_first_admin(session: Session, key_file: Path, given_key: str | None) -> bool:
    """Make the first admin application if there is no application yet.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        A writing session.
    key_file : pathlib.Path
        Where a key that nobody gave is written (mode 0600). A key that is there
        already is used again.
    given_key : str or None
        The key to use, e.g. out of the environment.

    Returns
    -------
    bool
        Whether an application was made.
    """
    if any_there(session):
        return False
    key = given_key or _kept_key(key_file)
    session.add(
        tables.Application(
            application_name="Administration",
            application_type=ApplicationType.ADMIN,
            email="admin@localhost",
            first_name="LEIA",
            last_name="Administrator",
            api_key_hash=digest(key),
        )
    )
    return True


def any_there(session: Session) -> bool:
    """Tell whether there is an application; the shortest look into the database."""
    return session.scalar(select(tables.Application.id).limit(1)) is not None


def application_of_key(session: Session, api_key: str) -> tables.Application | None:
    """Return the application that an API key belongs to."""
    return session.scalar(
        select(tables.Application).where(tables.Application.api_key_hash == digest(api_key))
    )


def require_application(
    session: Session, application_id: str, field: str = "application_id"
) -> tables.Application:
    """Return an application, or refuse with 404 ``unknown_application``."""
    row = session.get(tables.Application, application_id)
    if row is None:
        advice = "Check the id; GET /whoami tells your own."
        raise unknown("application", application_id, advice, field)
    return row


def new_token(session: Session, application_id: str, ttl: float) -> str:
    """Log an application in, and forget the logins that are over.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        A writing session.
    application_id : str
        Who logs in.
    ttl : float
        Seconds that the token lives unless it is used.

    Returns
    -------
    str
        The token; it is kept nowhere.
    """
    session.execute(delete(tables.Token).where(tables.Token.expires < time.time()))
    token = secrets.token_hex(32)
    session.add(
        tables.Token(
            token_hash=digest(token), application_id=application_id, expires=time.time() + ttl
        )
    )
    return token


def logged_in(session: Session, token: str) -> tuple[tables.Application, tables.Token] | None:
    """Return who a token belongs to, with its row, or None if it is unknown or over."""
    found = session.execute(
        select(tables.Application, tables.Token)
        .join(tables.Token, tables.Token.application_id == tables.Application.id)
        .where(tables.Token.token_hash == digest(token), tables.Token.expires >= time.time())
    ).first()
    return None if found is None else (found[0], found[1])


def wants_touch(token: tables.Token, ttl: float) -> bool:
    """Return whether so much of a token's life is over that it is worth prolonging."""
    return token.expires - time.time() < ttl * (1 - _TOUCH_SHARE)


def touch(session: Session, token: tables.Token, ttl: float) -> None:
    """Let a token live for another `ttl` seconds from now."""
    row = session.get(tables.Token, token.token_hash)
    if row is not None:
        row.expires = time.time() + ttl


def forget(session: Session, token: str) -> None:
    """End a login."""
    session.execute(delete(tables.Token).where(tables.Token.token_hash == digest(token)))


def follow_key(key_file: Path, old_hash: str, key: str | None) -> None:
    """Keep the file with the first admin's key true when that key changes.

    A file that cannot be changed, as on a full disk, is left as it is; the log says so.

    Parameters
    ----------
    key_file : pathlib.Path
        The file; it is left alone if it is not there or holds another key.
    old_hash : str
        The SHA-256 of the key that ended.
    key : str or None
        The new one; None if there is none, and the file goes.
    """
    try:
        kept = key_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return
    if digest(kept) != old_hash:
        return
    try:
        if key is None:
            key_file.unlink(missing_ok=True)
        else:
            _write_private(key_file, key + "\n")
    except OSError as error:
        _log.warning("%s cannot be changed (%s): the key in it is no longer valid", key_file, error)


def _kept_key(key_file: Path) -> str:
    with suppress(FileNotFoundError):
        kept = key_file.read_text(encoding="utf-8").strip()
        if kept:
            return kept
    key = secrets.token_hex(24)
    _write_private(key_file, key + "\n")
    return key


def _write_private(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
