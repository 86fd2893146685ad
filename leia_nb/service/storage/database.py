"""The database: one writer, any number of readers."""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from leia_nb.service.storage.migrations import upgrade
from leia_nb.service.storage.reserve import Reserve

__all__ = ["Database", "OwnerDeleted", "Session"]

_BUSY_SECONDS = 30.0
_log = logging.getLogger(__name__)


class OwnerDeleted(Exception):
    """A new row refers to an application (or document) that was deleted in the meantime."""


class Database:
    """The rows of one data folder; the SQLite file is created or upgraded when opened.

    Before a write, the reserve is released if the disk is nearly full.
    """

    def __init__(self, path: Path, reserve: Reserve | None = None) -> None:
        self._reserve = reserve
        self._balance_reserve()
        # SQLite before 3.51.3 can corrupt a write-ahead log that several connections write or
        # checkpoint at once, so exactly one connection does both.
        self._lock = threading.RLock()
        self._writer = _engine(
            path, pool_size=1, pragmas=["synchronous=FULL"], begin="BEGIN IMMEDIATE"
        )
        with self._writer.begin() as connection:
            upgrade(connection)
        self._readers = _engine(
            path, pool_size=8, pragmas=["query_only=ON", "wal_autocheckpoint=0"], begin="BEGIN"
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one consistent state and cannot write."""
        with _translated_errors(), Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open the one writing session; commit at the end, roll back on an exception.

        A full disk raises ``OSError`` (ENOSPC) and releases the reserve for the next attempt.
        """
        session = Session(self._writer, expire_on_commit=False)
        with self._lock, _translated_errors():
            self._balance_reserve()
            try:
                with session, session.begin():
                    yield session
            except OperationalError as error:
                self._release_reserve(error)
                raise

    def problem(self) -> str | None:
        """Return why the database cannot be read; None if it can."""
        try:
            with self.read() as session:
                session.connection().exec_driver_sql("SELECT 1 FROM applications LIMIT 1").all()
        except (SQLAlchemyError, OSError) as error:
            _log.exception("cannot read the database")
            return str(error.orig if isinstance(error, DBAPIError) else error)
        return None

    def close(self) -> None:
        """Close every connection, the writer last, so that it makes the last checkpoint."""
        self._readers.dispose()
        self._writer.dispose()

    def _balance_reserve(self) -> None:
        if self._reserve is not None:
            self._reserve.balance()

    def _release_reserve(self, error: OperationalError) -> None:
        # SQLite reports an exceeded quota as an I/O error
        is_io_error = _name_of(error).startswith(("SQLITE_FULL", "SQLITE_IOERR"))
        if self._reserve is not None and is_io_error and self._reserve.release_if_full():
            raise OSError(errno.ENOSPC, "The disk is full") from error


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise what callers can handle without knowing SQLAlchemy."""
    try:
        yield
    except OperationalError as error:
        if _name_of(error) == "SQLITE_FULL":
            raise OSError(errno.ENOSPC, "The disk is full") from error
        raise
    except IntegrityError as error:
        if _name_of(error) == "SQLITE_CONSTRAINT_FOREIGNKEY":
            raise OwnerDeleted from error
        raise


def _name_of(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", "")


def _engine(path: Path, *, pool_size: int, pragmas: list[str], begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path.as_posix()}",
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=_BUSY_SECONDS,
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
    )

    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # as SQLAlchemy advises; BEGIN is sent explicitly
        # SQLite's lower() handles only ASCII
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in ["journal_mode=WAL", "foreign_keys=ON", *pragmas]:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
