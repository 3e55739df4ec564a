"""Many rows at once, within a session's workspace: the ORM takes three times as long for them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, bindparam, column, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TableValuedAlias

from bot.database import GUARDED_ONLY, LeftTheWorkspace
from models import Owned


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
