"""The command line, as an operator uses it: words in, sentences and an exit code out."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Executable, create_engine, text


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Turnabout = Callable[..., Ended]


def assert_one_sentence(ended: Ended, *words: str) -> None:
    """Refused with one line on stderr, no traceback and no secret in it."""
    assert ended.code == 1
    [line] = ended.err.splitlines()
    assert line.endswith((".", "?"))
    assert all(word in line for word in words), line
    assert "Traceback" not in ended.out + ended.err
    assert "hush" not in ended.out + ended.err


def _connect(url: str) -> Connection:
    return create_engine(url.replace("postgresql", "postgresql+psycopg", 1)).connect()


def execute(url: str, statement: str | Executable) -> None:
    with _connect(url) as connection:
        connection.execute(text(statement) if isinstance(statement, str) else statement)
        connection.commit()
    connection.engine.dispose()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with _connect(url) as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    connection.engine.dispose()
    return found


def ids(url: str) -> set[object]:
    return {row[0] for row in rows(url, "SELECT employee_id FROM person")}
