"""What a test's code asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.factories import Company


@contextmanager
def counted(company: Company) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []
    engine = company.runtime.database.engine.sync_engine

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
