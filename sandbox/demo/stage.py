"""The demo's stage: an empty workspace in the box and the real app in it, on loopback."""

import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TextIO

from pydantic import SecretStr

from bot import schema, serve
from bot.app import App, open_app
from bot.config import Settings
from bot.database import make_engine
from bot.errors import OperatorError
from sandbox.loopback import HOST
from sandbox.manifest import read_manifest
from sandbox.server import Sandbox
from sandbox.web_api.api import Call

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""A Monday. The cast has two weeks to join before the program starts."""
MANIFEST = Path(__file__).with_name("manifest.yaml")
"""The app's own manifest; beside the code, so that an installed demo has it, too."""
WORKSPACE = "Larkfield"
"""The workspace's name, and nobody's that we know of."""
DATABASE, KEY, LOG, TRANSCRIPT = (
    "turnabout.db",
    "turnabout.key",
    "turnabout.log",
    "transcript.jsonl",
)
REPORT, STORY, PEOPLE = "report.md", "story.md", "people.csv"
RESULTS = {
    REPORT: "what /mentoring status says at the end",
    STORY: "the admin channel and one pair's channel, to read",
    TRANSCRIPT: "every call the app made to Slack",
    PEOPLE: "the company; names, addresses and time zones in it may be made up",
    DATABASE: "what the app remembers",
    KEY: "what the goals in it are encrypted with",
    LOG: "what the app logged",
}
"""What a demo leaves behind."""


@dataclass
class DemoClock:
    """The demo's time; it stands still until it is set."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


class FlowingClock(DemoClock):
    """Goes on in real time from where it was set, unless it is stopped."""

    _flowing_since: float | None = None

    def __call__(self) -> datetime:
        if self._flowing_since is None:
            return self.now
        return self.now + timedelta(seconds=time.monotonic() - self._flowing_since)

    def stop(self) -> None:
        self.now = self()
        self._flowing_since = None

    def flow(self) -> None:
        self._flowing_since = time.monotonic()


@dataclass(frozen=True)
class Stage:
    """The workspace, the app in it, the demo's time, and who is told of each call to Slack."""

    sandbox: Sandbox
    app: App
    clock: DemoClock
    watchers: list[Callable[[Call], None]]


def prepare(out: Path) -> None:
    """A place for the results, without those of an earlier demo; raises OperatorError rather than
    touch a file that no demo has made."""
    out.mkdir(parents=True, exist_ok=True)
    ours = [out / name for name in RESULTS if (out / name).exists()]
    if ours and not (out / TRANSCRIPT).exists():
        raise OperatorError(
            f"{ours[0]} is there, and no demo has made it. Choose another place with --out."
        )
    for leftover in (*ours, *out.glob(f"{DATABASE}-*")):
        leftover.unlink()


@asynccontextmanager
async def set_up(
    out: Path, transcript: TextIO, seed: int, clock: DemoClock
) -> AsyncIterator[Stage]:
    """The app reaches the workspace through the real clients, and the workspace the app over
    signed HTTP; both listen on loopback only. What they know each other by is new every time: other
    people on this machine reach these addresses, too."""

    def write_down(call: Call) -> None:
        line = json.dumps(call.as_json(), ensure_ascii=False)
        transcript.write(line.encode(errors="backslashreplace").decode() + "\n")

    watchers: list[Callable[[Call], None]] = [write_down]

    def tell_watchers(call: Call) -> None:
        for watch in watchers:
            watch(call)

    async with Sandbox(
        now=clock,
        manifest=read_manifest(MANIFEST),
        on_call=tell_watchers,
        client_secrets=("demo", secrets.token_hex()),
        signing_secret=secrets.token_hex(),
        bot_token=f"xoxb-{secrets.token_hex()}",
        app_token=f"xapp-{secrets.token_hex()}",
    ) as sandbox:
        sandbox.workspace.name = WORKSPACE
        settings = Settings(
            database_url=f"sqlite:///{(out / DATABASE).resolve()}",
            encryption_key=None,
            bot_token=SecretStr(sandbox.bot_token),
            app_token=None,
            signing_secret=SecretStr(sandbox.signing_secret),
            slack_api_url=sandbox.api_url,
        )
        engine = make_engine(settings.database_url)
        await schema.upgrade(engine)
        await engine.dispose()
        async with (
            open_app(settings, clock, Random(f"app {seed}")) as app,
            serve.http_server(app, HOST, 0) as port,
        ):
            sandbox.deliver_over_http(f"http://{HOST}:{port}{serve.EVENTS_PATH}")
            yield Stage(sandbox, app, clock, watchers)
