"""How long somebody who types `/mentoring` waits for the answer, over signed HTTP on loopback.

Turnabout recognises the person and renders the help; the bare Bolt app only acknowledges. Both
serve from this process and are asked by the same client, one request at a time and in turn.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from pydantic import SecretStr

from bench.baselines import bare_bolt
from bench.database import migrate, settings_for
from bench.figure import Figure, Progress
from bot import serve
from bot.app import open_app
from bot.slack.gateway import OTHER_SCOPES, SCOPES
from sandbox.blocks import Json
from sandbox.server import Sandbox
from sandbox.to_app.transport import HttpTransport

HOST = "127.0.0.1"
WARM_UP = 20
GOAL = 0.15


async def measure(work: Path, requests: int, progress: Progress) -> Figure:
    """The median of so many requests to each; `work` is an empty folder."""
    ours, theirs = [], []
    async with (
        Sandbox(scopes=sorted(OTHER_SCOPES.union(*SCOPES.values()))) as sandbox,
        _turnabout(sandbox, work) as app,
        _bare_bolt(sandbox) as bare,
    ):
        command = _command(sandbox)
        for number in range(-WARM_UP, requests):
            waited = await _milliseconds(app, command), await _milliseconds(bare, command)
            if number >= 0:
                ours.append(waited[0])
                theirs.append(waited[1])
                progress(1)
    return Figure("acknowledge /mentoring", median(ours), "ms (p50)", median(theirs), GOAL)


@asynccontextmanager
async def _turnabout(sandbox: Sandbox, work: Path) -> AsyncIterator[HttpTransport]:
    """A way to the real app, as `turnabout run --http` serves it."""
    database = work / "turnabout.db"
    await migrate(database)
    settings = settings_for(
        database,
        bot_token=SecretStr(sandbox.bot_token),
        signing_secret=SecretStr(sandbox.signing_secret),
        slack_api_url=sandbox.api_url,
    )
    async with (
        open_app(settings) as app,
        serve.http_server(app, HOST, 0) as port,
        _client(port, sandbox) as client,
    ):
        yield client


@asynccontextmanager
async def _bare_bolt(sandbox: Sandbox) -> AsyncIterator[HttpTransport]:
    secrets = sandbox.bot_token, sandbox.signing_secret
    async with (
        bare_bolt.http_server(*secrets, sandbox.api_url, HOST, serve.EVENTS_PATH) as port,
        _client(port, sandbox) as client,
    ):
        yield client


@asynccontextmanager
async def _client(port: int, sandbox: Sandbox) -> AsyncIterator[HttpTransport]:
    url = f"http://{HOST}:{port}{serve.EVENTS_PATH}"
    transport = HttpTransport(url, sandbox.signing_secret)
    try:
        yield transport
    finally:
        await transport.close()


def _command(sandbox: Sandbox) -> Json:
    """What Slack sends when an employee types `/mentoring` in a direct message with the app."""
    user_id = sandbox.add_user("jo", "Jo Young", email="jo@example.com", tz="Europe/London")
    return {
        "token": "sandbox",
        "team_id": sandbox.workspace.team_id,
        "team_domain": sandbox.workspace.domain,
        "channel_id": sandbox.member(user_id).direct(),
        "channel_name": "directmessage",
        "user_id": user_id,
        "user_name": "jo",
        "command": "/mentoring",
        "text": "",
        "api_app_id": sandbox.workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{sandbox.url}/response/none",
        "trigger_id": "none",
    }


async def _milliseconds(client: HttpTransport, command: Json) -> float:
    """How long the answer took; raises NotAcknowledged for one that is not 200."""
    began = perf_counter()
    await client.send("command", command)  # signs it, too
    return (perf_counter() - began) * 1000
