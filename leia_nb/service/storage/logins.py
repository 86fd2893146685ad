"""API keys and logins. Keys and tokens are stored as SHA-256 only."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from leia_nb.enums import ApplicationType
from leia_nb.service.storage.tables import Application, Login

_RENEWAL_SHARE = 0.1  # of a token's life; not every request writes to the database
_log = logging.getLogger(__name__)


def digest(secret: str) -> str:
    """Return the form in which a key or token is stored: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def ensure_first_admin(session: Session, key_file: Path, api_key: str | None) -> bool:
    """Create the first admin application, unless there is an application already.

    Without an `api_key` it uses the one in `key_file`, or writes a new one there (mode 0600).
    """
    if session.scalar(select(Application.id).limit(1)) is not None:
        return False
    session.add(
        Application(
            application_name="Administration",
            application_type=ApplicationType.ADMIN,
            email="admin@localhost",
            first_name="LEIA",
            last_name="Administrator",
            api_key_hash=digest(api_key or _key_in(key_file)),
        )
    )
    return True


def application_of_key(session: Session, api_key: str) -> Application | None:
    """Return the application that an API key belongs to."""
    return session.scalar(select(Application).where(Application.api_key_hash == digest(api_key)))


def create_token(session: Session, application_id: str, ttl: float) -> str:
    """Return a new token that expires after `ttl` seconds without use; delete expired ones."""
    session.execute(delete(Login).where(Login.expires < time.time()))
    token = secrets.token_hex(32)
    session.add(
        Login(token_hash=digest(token), application_id=application_id, expires=time.time() + ttl)
    )
    return token


def find_login(session: Session, token: str) -> tuple[Application, Login] | None:
    """Return the application that a token belongs to, and the login, unless expired."""
    row = session.execute(
        select(Application, Login)
        .join(Login, Login.application_id == Application.id)
        .where(Login.token_hash == digest(token), Login.expires >= time.time())
    ).first()
    return None if row is None else (row[0], row[1])


def needs_renewal(login: Login, ttl: float) -> bool:
    """Return whether a tenth of a login's life has passed."""
    return login.expires - time.time() < ttl * (1 - _RENEWAL_SHARE)


def renew(session: Session, login: Login, ttl: float) -> None:
    """Let a login expire `ttl` seconds from now."""
    renewed = update(Login).where(Login.token_hash == login.token_hash)
    session.execute(renewed.values(expires=time.time() + ttl))


def delete_token(session: Session, token: str) -> None:
    """End a login."""
    session.execute(delete(Login).where(Login.token_hash == digest(token)))


def update_key_file(key_file: Path, old_hash: str, key: str | None) -> None:
    """Replace the first admin's key in its file, or (None) delete the file.

    A file with another key, or none, is left alone. A file that cannot be changed, as on a
    full disk, is logged.
    """
    try:
        stored = key_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return
    if digest(stored) != old_hash:
        return
    try:
        if key is None:
            key_file.unlink(missing_ok=True)
        else:
            _write_private(key_file, key + "\n")
    except OSError as error:
        _log.warning("cannot change %s (%s): the key in it is no longer valid", key_file, error)


def _key_in(key_file: Path) -> str:
    """Return the key in the file, or a new one that is written there."""
    with suppress(FileNotFoundError):
        if stored := key_file.read_text(encoding="utf-8").strip():
            return stored
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
