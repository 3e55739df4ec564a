"""The engine, and sessions that are bound to one workspace.

Only the edge opens a transaction; services flush and never commit.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, NoReturn, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Table,
    Update,
    event,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import AdaptedConnection, DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.base import ExecutableOption

from bot.errors import OperatorError
from models import Base, Owned, Workspace

SQLITE_BUSY_MILLISECONDS = 10_000

Last = Callable[[AsyncSession], Awaitable[None]]
"""What is done at the end of a transaction: a function of a module, as each is done once."""

GUARDED_ONLY = "only plain statements on mapped classes can be kept in a workspace"


class LeftTheWorkspace(RuntimeError):
    """A session bound to one workspace was about to reach a row of another."""


class _WorkspaceSession(Session):
    """Adds its workspace, `info["workspace_id"]`, to every query and new row. None: all of them.

    What cannot be kept in a workspace is refused: the legacy bulk methods pass every guard by.
    """

    def bulk_save_objects(self, *_: Any, **__: Any) -> NoReturn:
        raise LeftTheWorkspace(GUARDED_ONLY)

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects


def make_engine(url: str) -> AsyncEngine:
    """One connection for SQLite, whose writers must queue anyway: transactions then wait their turn
    in order instead of polling a locked file. Statement parameters never reach an error's text.

    Raises OperatorError for an address that cannot be read.
    """
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        raise OperatorError("TURNABOUT_DATABASE_URL is not an address of a database.") from None
    if not url.startswith("sqlite"):
        return create_async_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MILLISECONDS}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Straight to the driver: one trip to its thread, where a cursor would take three."""
    driver = cast("AdaptedConnection", connection.connection.dbapi_connection)
    driver.run_async(lambda sqlite_connection: sqlite_connection.execute("BEGIN IMMEDIATE"))


class Database:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._workspace_ids: dict[str, int] = {}
        self._sessions = async_sessionmaker(
            engine, sync_session_class=_WorkspaceSession, expire_on_commit=False
        )

    @staticmethod
    def bind(session: AsyncSession, workspace_id: int) -> None:
        """Narrows a session that was opened across workspaces to the one it has found or made, so
        that this and what follows are one transaction. There is no way back."""
        if session.info["workspace_id"] not in (None, workspace_id):
            raise LeftTheWorkspace
        session.info["workspace_id"] = workspace_id

    async def workspace_id(self, team_id: str) -> int | None:
        """Our id of a Slack workspace; remembered, as it never changes."""
        if team_id not in self._workspace_ids:
            async with self.transaction_across_workspaces() as session:
                query = select(Workspace.id).where(Workspace.team_id == team_id)
                if (found := await session.scalar(query)) is None:
                    return None
                self._workspace_ids[team_id] = found
        return self._workspace_ids[team_id]

    @asynccontextmanager
    async def transaction(self, workspace_id: int) -> AsyncIterator[AsyncSession]:
        """A session that reads and writes one workspace's rows only."""
        async with self._transaction(workspace_id) as session:
            yield session

    @asynccontextmanager
    async def transaction_across_workspaces(self) -> AsyncIterator[AsyncSession]:
        """For the ticker's jobs and for finding a workspace: nothing a person asks for."""
        async with self._transaction(None) as session:
            yield session

    @asynccontextmanager
    async def _transaction(self, workspace_id: int | None) -> AsyncIterator[AsyncSession]:
        last: dict[Last, None] = {}
        info = {"workspace_id": workspace_id, "last": last}
        async with self._sessions(info=info) as session, session.begin() as transaction:
            yield session
            if transaction.is_active:  # a preview has been rolled back by now
                for do in last:
                    await do(session)


def at_the_end(session: AsyncSession, do: Last) -> None:
    """Done once, right before the transaction is committed, however often it is asked for: for
    rows that many transactions lock, each of them several times. Locked last, all at once and in
    one order, they make nobody wait in a circle."""
    session.info["last"][do] = None


@event.listens_for(_WorkspaceSession, "do_orm_execute")
def _stay_in_the_workspace(state: ORMExecuteState) -> None:
    workspace_id = state.session.info["workspace_id"]
    if workspace_id is None or state.is_column_load or state.is_relationship_load:
        return
    if state.is_insert:
        _check_rows(state.parameters, workspace_id)
        return
    if not state.is_orm_statement or state.is_from_statement:
        raise LeftTheWorkspace(GUARDED_ONLY)
    if state.is_update:
        _check_update(state)
    state.statement = state.statement.options(*_only_of(workspace_id))


@lru_cache(maxsize=1024)
def _only_of(workspace_id: int) -> tuple[ExecutableOption, ...]:
    """What every query in a workspace's session is narrowed by."""
    return (
        with_loader_criteria(
            Owned, lambda cls: cls.workspace_id == workspace_id, include_aliases=True
        ),
        with_loader_criteria(Workspace, lambda cls: cls.id == workspace_id, include_aliases=True),
    )


def _check_rows(parameters: Any, workspace_id: int) -> None:
    rows = parameters if isinstance(parameters, list) else [parameters or {}]
    if any(row.get("workspace_id") != workspace_id for row in rows):
        raise LeftTheWorkspace


def _check_update(state: ORMExecuteState) -> None:
    """An update by a list of primary keys takes no criteria; and no row changes its owner."""
    if isinstance(state.parameters, list):
        raise LeftTheWorkspace(GUARDED_ONLY)
    statement = cast("Update", state.statement)
    changed = {*(statement._values or ()), *(state.parameters or ())}
    if "workspace_id" in {getattr(column, "key", column) for column in changed}:
        raise LeftTheWorkspace


@event.listens_for(_WorkspaceSession, "before_attach")
def _take_only_own_rows(session: Session, row: object) -> None:
    """A row that another session has loaded would be read and written past the queries."""
    workspace_id = session.info["workspace_id"]
    if (
        workspace_id is not None
        and isinstance(row, Owned)
        and row.workspace_id not in (workspace_id, None)
    ):
        raise LeftTheWorkspace


@event.listens_for(_WorkspaceSession, "before_flush")
def _own_new_rows(session: Session, _: UOWTransaction, __: object) -> None:
    workspace_id = session.info["workspace_id"]
    if workspace_id is None:
        return
    for row in session.new:
        if isinstance(row, Owned):
            owner: int | None = row.workspace_id  # None until the flush that this precedes
            if owner is None:
                row.workspace_id = workspace_id
    for row in (*session.new, *session.dirty):
        if isinstance(row, Owned) and row.workspace_id != workspace_id:
            raise LeftTheWorkspace


async def insert_new(
    session: AsyncSession, model: type[Base], rows: Iterable[Mapping[str, object]]
) -> int:
    """Inserts in one statement, and leaves a row alone whose unique key is already there; returns
    how many rows are new."""
    rows = list(rows)
    if not rows:
        return 0
    table = model.__table__
    assert isinstance(table, Table)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    result = await session.execute(statement, [dict(row) for row in rows])
    return cast("CursorResult[Any]", result).rowcount
