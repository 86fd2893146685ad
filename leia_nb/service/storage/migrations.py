"""Data folders of older versions get the tables, columns and indexes that are new.

A column is only ever added: a NOT NULL one needs a default, which the rows that are
there get. Nothing is renamed or taken away, so that no version loses what another kept.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, DefaultClause, inspect, literal, text
from sqlalchemy import Table as PlainTable
from sqlalchemy.schema import CreateColumn

from leia_nb.service.storage.tables import Table


def upgrade(connection: Connection) -> list[str]:
    """Make what a database still lacks.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A writing connection; all of it is one transaction.

    Returns
    -------
    list of str
        The columns that were added to tables that were there, e.g. ``["models.cores"]``.
    """
    Table.metadata.create_all(connection)
    added = []
    for table in Table.metadata.sorted_tables:
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                _add(connection, table, column)
                added.append(f"{table.name}.{column.name}")
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    return added


def _add(connection: Connection, table: PlainTable, column: Column[Any]) -> None:
    words = CreateColumn(_with_default(column, connection)).compile(connection)
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {words}")


def _with_default(column: Column[Any], connection: Connection) -> Column[Any]:
    """Return a copy of a column whose default, if one is needed, is SQLite's to give."""
    copy: Column[Any] = Column(column.name, column.type, nullable=column.nullable)
    copy.server_default = column.server_default
    if column.nullable or column.server_default is not None:
        return copy
    given: Any = column.default
    value = given.arg(None) if given.is_callable else given.arg
    written = literal(value, column.type).compile(
        connection, compile_kwargs={"literal_binds": True}
    )
    copy.server_default = DefaultClause(text(str(written).replace(":", r"\:")))
    return copy
