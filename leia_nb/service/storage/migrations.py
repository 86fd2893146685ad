"""Adds new tables, columns and indexes to the databases of older versions.

Nothing is ever renamed or dropped, so that no version loses what another one stored.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, DefaultClause, inspect, literal, text
from sqlalchemy import Table as PlainTable
from sqlalchemy.schema import CreateColumn

from leia_nb.service.storage.tables import Table


def upgrade(connection: Connection) -> list[str]:
    """Add what is missing; return the new columns of old tables, e.g. ``["models.cores"]``."""
    Table.metadata.create_all(connection)
    added = []
    for table in Table.metadata.sorted_tables:
        present = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                _add(connection, table, column)
                added.append(f"{table.name}.{column.name}")
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    return added


def _add(connection: Connection, table: PlainTable, column: Column[Any]) -> None:
    definition = CreateColumn(_with_default(column, connection)).compile(connection)
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {definition}")


def _with_default(column: Column[Any], connection: Connection) -> Column[Any]:
    """Return a copy of a column; SQLite sets the default of a NOT NULL one in old rows."""
    copy: Column[Any] = Column(column.name, column.type, nullable=column.nullable)
    copy.server_default = column.server_default
    if column.nullable or column.server_default is not None:
        return copy
    default: Any = column.default
    value = default.arg(None) if default.is_callable else default.arg
    sql = literal(value, column.type).compile(connection, compile_kwargs={"literal_binds": True})
    copy.server_default = DefaultClause(text(str(sql).replace(":", r"\:")))
    return copy
