"""One PostgreSQL database for test after test: emptying it takes a tenth of the time that making
one takes. After a test that changes more than rows, the next one has a fresh copy of the template.
"""

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

TEMPLATE = "turnabout_template"
IN_USE = "turnabout_test"

LOOK = """
    SELECT md5(string_agg(concat_ws(' ', catalog, row_id, change), ',' ORDER BY catalog, row_id))
    FROM (
        SELECT 'relation' AS catalog, oid AS row_id, xmin::text || relname AS change
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'column', attrelid::int8 * 10000 + attnum, pg_attribute.xmin::text
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL
        SELECT 'constraint', oid, xmin::text FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'trigger', pg_trigger.oid, pg_trigger.xmin::text
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'function', oid, xmin::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    ) AS everything
"""
"""Another text after every change of the schema, be it taken back or not."""
REVISION = "SELECT string_agg(version_num, ' ') FROM alembic_version"


def named(server: str, database: str) -> str:
    """The server's address with another database's name in it."""
    head, _, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}" + (f"?{query}" if query else "")


class PostgreSql:
    """The server at `url`, and in it the database that one test after the other uses."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._look: object = None
        self._revision: object = None

    def make_template(self) -> str:
        """Makes an empty database, to be migrated; returns its address."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        return named(self.url, TEMPLATE)

    def emptied(self) -> str:
        """The address of a database as the template is. Nobody is connected to it any more."""
        if self._look is None or not self._empty():
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {IN_USE} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE {IN_USE} TEMPLATE {TEMPLATE}")
            with self._open() as connection:
                self._look = _one(connection, LOOK)
                self._revision = _one(connection, REVISION)
        return named(self.url, IN_USE)

    def _empty(self) -> bool:
        """False, and nothing is done, when a test has left more behind than rows."""
        with self._open() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if _one(connection, LOOK) != self._look:
                return False
            if _one(connection, REVISION) != self._revision:
                return False
            tables = connection.execute(
                "SELECT tablename FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
            connection.execute("SET session_replication_role = replica")  # in any order
            for (table,) in tables:
                connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            connection.execute(
                "SELECT setval(oid::regclass, 1, false) FROM pg_class"
                " WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
            )
        return True

    def _open(self) -> Connection[tuple[object, ...]]:
        return psycopg.connect(named(self.url, IN_USE), autocommit=True, row_factory=tuple_row)


def _one(connection: Connection[tuple[object, ...]], query: str) -> object:
    found = connection.execute(query.encode()).fetchone()
    assert found is not None
    return found[0]
