"""Many rows at once, within a session's workspace: the ORM takes three times as long for them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Table,
    UniqueConstraint,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    update,
    values,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TableValuedAlias

from bot.database import GUARDED_ONLY, LeftTheWorkspace
from models import Owned

STEP = 1_000
"""Rows in one statement where each takes a parameter or two: databases allow 32,766."""


async def add_rows(
    session: AsyncSession, model: type[Owned], rows: Sequence[Mapping[str, object]], key: str
) -> dict[str, int]:
    """Adds many rows to the session's workspace in one go, and returns their ids by their `key`, a
    text column. All have the same columns."""
    workspace_id = _own_workspace(session)
    if not rows:
        return {}
    table, names = model.__table__, sorted(rows[0])  # type: ignore[attr-defined]
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        new = _arrays(table, names)
        owned = select(literal(workspace_id), *(new.c[name] for name in names))
        statement = insert(table).from_select(["workspace_id", *names], owned)
        added = await connection.execute(
            statement.returning(table.c[key], table.c.id), _columns(rows, names)
        )
    else:
        added = await connection.execute(
            insert(table).returning(table.c[key], table.c.id),
            [{"workspace_id": workspace_id, **row} for row in rows],
        )
    return {str(found): id_ for found, id_ in added}


async def update_rows(
    session: AsyncSession, model: type[Owned], rows: Sequence[Mapping[str, object]]
) -> None:
    """Writes many rows of the session's workspace in one go. Each mapping has the `id` of its row
    and the same columns as the others; rows that the session has loaded do not notice."""
    workspace_id = _own_workspace(session)
    if not rows:
        return
    table, names = model.__table__, sorted(rows[0].keys() - {"id"})  # type: ignore[attr-defined]
    if "workspace_id" in names:
        raise LeftTheWorkspace
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        new = _arrays(table, ["id", *names])
        await connection.execute(
            update(table)
            .where(table.c.id == new.c.id, table.c.workspace_id == workspace_id)
            .values({name: new.c[name] for name in names}),
            _columns(rows, ["id", *names]),
        )
        return
    statement = update(table).where(
        table.c.id == bindparam("id_of"), table.c.workspace_id == workspace_id
    )
    await connection.execute(
        statement.values({name: bindparam(f"new_{name}") for name in names}),
        [{"id_of": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows],
    )


async def hand_over(session: AsyncSession, model: type[Owned], heirs: Mapping[int, int]) -> None:
    """Whatever refers to one of these rows, in any table of the session's workspace, refers to its
    heir from now on. `heirs` has the heir's id by the row's own; no two have the same. Where a
    unique key says that the heir has the like already, things stay: they go with the old row."""
    workspace_id = _own_workspace(session)
    connection = await session.connection()
    all_heirs = list(heirs.items())
    for start in range(0, len(all_heirs), STEP):
        heir = values(column("own_id", BigInteger), column("heir_id", BigInteger), name="heir")
        by_id = heir.data(all_heirs[start : start + STEP]).cte("heir")
        for referring in references(model):
            table = referring.table
            await connection.execute(
                update(table)
                .where(
                    table.c.workspace_id == workspace_id,
                    referring == by_id.c.own_id,
                    *_has_none_like_it(referring, by_id.c.heir_id),
                )
                .values({referring: by_id.c.heir_id})
            )


def references(model: type[Owned]) -> list[Column[Any]]:
    """Every column of every table that refers to this one's rows."""
    own = model.__table__.c.id  # type: ignore[attr-defined]
    tables = model.metadata.sorted_tables  # type: ignore[attr-defined]
    return [one for table in tables for one in table.columns if one.references(own)]


def _has_none_like_it(
    referring: Column[Any], heir_id: ColumnElement[int]
) -> Iterator[ColumnElement[bool]]:
    """That no other row has the heir where this one refers to, by each unique key of the table."""
    table = referring.table
    for key in table.constraints:
        if isinstance(key, UniqueConstraint) and key.contains_column(referring):
            other = table.alias()
            same = [other.c[one.name] == one for one in key.columns if one is not referring]
            taken = select(other.c.id).where(other.c[referring.name] == heir_id, *same)
            yield ~taken.exists()


def _own_workspace(session: AsyncSession) -> int:
    workspace_id: int | None = session.info["workspace_id"]
    if workspace_id is None:
        raise LeftTheWorkspace(GUARDED_ONLY)
    return workspace_id


def _arrays(table: Table, names: Sequence[str]) -> TableValuedAlias:
    """The new rows as a table that PostgreSQL makes of one array for each column: a parameter for
    each cell would take many times as long to send and to read."""
    types = {name: table.c[name].type for name in names}
    arrays = [bindparam(f"all_{name}", type_=postgresql.ARRAY(types[name])) for name in names]
    columns = [column(name, types[name]) for name in names]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name="new")


def _columns(rows: Sequence[Mapping[str, object]], names: Sequence[str]) -> dict[str, list[object]]:
    return {f"all_{name}": [row[name] for row in rows] for name in names}
