"""Makes the engines of one test after the other cheap. Each test has its own, and an engine begins
by putting every statement into SQL once: in all, a third of the time that the tests take.
"""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event

dialects: dict[str, Dialect] = {}
"""By the database's name, the dialect that connected first. What was put into SQL is kept by it."""
statements: dict[Any, Any] = {}


def hasten() -> None:
    """From now on the app's engines share what others have put into SQL, and SQLite does not wait
    for the disk: nothing here is kept."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    engine = connection.engine
    if not engine.dialect.is_async:
        return  # a test that looks for itself
    shared = dialects.setdefault(engine.dialect.name, engine.dialect)
    if engine.dialect is not shared:
        connection.dialect = engine.dialect = shared
        engine.update_execution_options(compiled_cache=statements)
        connection.execution_options(compiled_cache=statements)
    if engine.dialect.name == "sqlite" and "hastened" not in connection.info:
        connection.info["hastened"] = True
        driver: Any = connection.connection.dbapi_connection
        driver.run_async(lambda sqlite: sqlite.execute("PRAGMA synchronous = OFF"))


def interrupted(*_: object) -> None:
    """As Python itself does. Where that is in place, asyncio puts a handler of its own there for
    every fixture and test, which costs milliseconds each time: Python looks whether it is one of
    its own, and writes down all that the fixture has made to say that it is not."""
    raise KeyboardInterrupt
