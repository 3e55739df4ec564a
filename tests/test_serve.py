import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest

from bot import serve
from bot.app import App
from bot.config import Settings
from bot.database import Database, make_engine
from bot.errors import OperatorError
from bot.vault import new_key
from sandbox.server import Sandbox

HOST = "127.0.0.1"
SECONDS = 20
"""More than any start or stop here takes on a busy machine; a hang fails."""
NOBODY_LISTENS = "postgresql+psycopg://turnabout@127.0.0.1:1/turnabout"
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def get(port: int, path: str = serve.HEALTH_PATH) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{HOST}:{port}{path}") as response,
    ):
        return response.status, await response.text()


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


class TestHttpServer:
    async def test_is_healthy_while_the_database_answers(self, app: App) -> None:
        async with serve.http_server(app, HOST, 0) as port:
            assert await get(port) == (200, "ok\n")

    @ONE_ENGINE
    async def test_is_not_when_it_does_not(self, app: App) -> None:
        engine = make_engine(NOBODY_LISTENS)
        cut_off = replace(app, runtime=replace(app.runtime, database=Database(engine)))
        async with serve.http_server(cut_off, HOST, 0) as port:
            status, text = await get(port)
        await engine.dispose()
        assert (status, "database" in text) == (503, True)

    @ONE_ENGINE
    async def test_a_port_that_is_taken_is_told(self, app: App) -> None:
        async with serve.http_server(app, HOST, 0) as port:
            with pytest.raises(OperatorError, match=rf"Port {port} .*--port"):
                async with serve.http_server(app, HOST, port):
                    pass
            assert await get(port) == (200, "ok\n")

    @ONE_ENGINE
    async def test_has_nothing_else(self, app: App) -> None:
        async with serve.http_server(app, HOST, 0) as port:
            assert (await get(port, "/"))[0] == 404
            assert (await get(port, "/metrics"))[0] == 404


@ONE_ENGINE
class TestRun:
    @pytest.mark.parametrize(
        ("http", "missing"),
        [(True, "signing_secret"), (False, "app_token")],
        ids=["HTTP", "Socket Mode"],
    )
    async def test_a_missing_secret_is_told(
        self, app: App, settings: Settings, http: bool, missing: str
    ) -> None:
        lacking = settings.model_copy(update={missing: None})
        with pytest.raises(OperatorError, match=rf"SLACK_{missing.upper()} is not set\."):
            await serve.run(app, lacking, http=http, host=HOST, port=free_port())

    @pytest.mark.parametrize("http", [True, False], ids=["HTTP", "Socket Mode"])
    async def test_a_port_that_is_taken_is_told(
        self, app: App, settings: Settings, sandbox: Sandbox, http: bool
    ) -> None:
        async with serve.http_server(app, HOST, 0) as port:
            with pytest.raises(OperatorError, match=f"Port {port} on {HOST} cannot be used"):
                await serve.run(app, settings, http=http, host=HOST, port=port)
        assert sandbox.socket.connections == 0


@dataclass
class Copy:
    """A `turnabout run` of its own."""

    process: asyncio.subprocess.Process
    port: int

    async def said(self, word: str) -> str:
        """The next line of its log that has this word in it; fails if it ends before."""
        assert self.process.stderr is not None
        async with asyncio.timeout(SECONDS):
            async for line in self.process.stderr:
                if word.encode() in line:
                    return line.decode()
        raise AssertionError(f"it ended without a word of {word}")

    async def stop(self) -> tuple[int, str]:
        """Asks it to end; returns its exit code and the rest of what it said."""
        self.process.terminate()
        async with asyncio.timeout(SECONDS):
            _, rest = await self.process.communicate()
        return self.process.returncode or 0, rest.decode()


@asynccontextmanager
async def running(
    folder: Path, database_url: str, sandbox: Sandbox, *words: str
) -> AsyncIterator[Copy]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--port", str(port), *words),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(serve.__file__).parents[1]),
            "TURNABOUT_DATABASE_URL": database_url,
            "TURNABOUT_ENCRYPTION_KEY": new_key(),
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Copy(process, port)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


class TestTurnaboutRun:
    """The command itself, as a process of its own, against the sandbox."""

    @ONE_ENGINE
    async def test_over_http_serves_until_it_is_told_to_end(
        self, database_url: str, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        async with running(tmp_path, database_url, sandbox, "--http") as copy:
            await copy.said("started")
            assert await get(copy.port) == (200, "ok\n")
            sandbox.deliver_over_http(f"http://{HOST}:{copy.port}{serve.EVENTS_PATH}")
            member = sandbox.member(sandbox.add_user("jo"))
            assert "/mentoring join" in str((await member.command("/mentoring")).body)
            code, rest = await copy.stop()
        assert (code, "stopped" in rest, "Traceback" in rest) == (0, True, False)

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_over_socket_mode_serves_until_it_is_told_to_end(
        self, database_url: str, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        sandbox.deliver_over_socket_mode()
        async with running(tmp_path, database_url, sandbox) as copy:
            await copy.said("started")
            assert sandbox.socket.connections == 1
            assert await get(copy.port) == (200, "ok\n")
            member = sandbox.member(sandbox.add_user("jo"))
            assert "/mentoring join" in str((await member.command("/mentoring")).body)
            code, rest = await copy.stop()
        assert (code, "stopped" in rest, "Traceback" in rest) == (0, True, False)
