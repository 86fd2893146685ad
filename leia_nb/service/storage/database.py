"""The database: one writer, any number of readers.

SQLite before 3.51.3 can corrupt a write-ahead log that several connections write
or checkpoint at once, so exactly one connection writes and checkpoints here.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from leia_nb.service.storage.migrations import upgrade
from leia_nb.service.storage.reserve import Reserve

_BUSY_SECONDS = 30.0


class Database:
    """The rows of one data folder.

    Parameters
    ----------
    path : pathlib.Path
        The SQLite file; it is made, with its tables, when missing. One of an older
        version gets the columns that are new.
    reserve : Reserve or None
        What is given up when a write meets a disk that is nearly full.
    """

    def __init__(self, path: Path, reserve: Reserve | None = None) -> None:
        self._reserve = reserve
        self._make_room()
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
        with Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open the one writing session; commit at the end, roll back on an exception.

        Raises
        ------
        OSError
            ``ENOSPC`` if there is no room; the next try has that of the reserve.
        """
        session = Session(self._writer, expire_on_commit=False)
        with self._lock:
            self._make_room()
            try:
                with session, session.begin():
                    yield session
            except OperationalError as error:
                self._relieve(error)
                raise

    def _make_room(self) -> None:
        if self._reserve is not None:
            self._reserve.balance()

    def _relieve(self, error: OperationalError) -> None:
        """Give the reserve up if there is no room; SQLite calls a quota a broken disk."""
        name = getattr(error.orig, "sqlite_errorname", "")
        if self._reserve is None or not name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            return
        if self._reserve.relieve():
            raise OSError(errno.ENOSPC, "There is no room for the database") from error

    def close(self) -> None:
        """Close every connection, the writer last, so that it makes the last checkpoint."""
        self._readers.dispose()
        self._writer.dispose()


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

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own advice: we say BEGIN ourselves
        # SQLite's own lower() knows ASCII only; searching ignores case in every script
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in ["journal_mode=WAL", "foreign_keys=ON", *pragmas]:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
