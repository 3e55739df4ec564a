"""Slack reaches the app over HTTP or over Socket Mode, and it answers the same on both."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from pydantic import SecretStr

from bot import serve
from bot.app import open_app
from bot.cadence import service as cadence
from bot.config import Settings
from bot.delivery import service as delivery
from bot.pairs import service as pairs
from bot.slack.gateway import OTHER_SCOPES, SCOPES
from bot.vault import new_key
from models import Program
from sandbox.client import Answer, Member
from sandbox.server import Sandbox
from tests.conftest import Clock
from tests.factories import Company
from tests.handlers.scene import Scene

TRANSPORTS = ("http", "socket mode")


@asynccontextmanager
async def world(transport: str, database: Path) -> AsyncIterator[Scene]:
    """A sandbox and the app, connected this way; the same ids, times and chances every time."""
    clock, scopes = Clock(), sorted(OTHER_SCOPES.union(*SCOPES.values()))
    async with Sandbox(now=clock, scopes=scopes, events=["message_metadata_posted"]) as sandbox:
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{database}",
            encryption_key=SecretStr(new_key()),
            bot_token=SecretStr(sandbox.bot_token),
            app_token=SecretStr(sandbox.app_token),
            signing_secret=SecretStr(sandbox.signing_secret),
            slack_api_url=sandbox.api_url,
        )
        async with open_app(settings, clock, Random(1)) as app:
            workspace_id = await app.runtime.database.workspace_id(app.identity.team_id)
            assert workspace_id is not None
            company = Company(app.runtime, sandbox, workspace_id)
            manager = await company.person("Robin Vega", level=3, is_admin=True)
            leader = await company.person("Lena Boss", level=6)
            junior = await company.person("Jo Young", level=1)
            program = await company.program(manager)
            scene = Scene(company, (manager, leader, junior), program)
            if transport == "http":
                async with serve.http_server(app, "127.0.0.1", 0) as port:
                    sandbox.deliver_over_http(f"http://127.0.0.1:{port}{serve.EVENTS_PATH}")
                    yield scene
            else:
                async with serve.socket_mode(app, sandbox.app_token):
                    sandbox.deliver_over_socket_mode()
                    await sandbox.socket.connected()
                    yield scene


async def story(scene: Scene) -> list[Any]:
    """Commands, forms, buttons and events, used well and wrongly, and all that came back."""
    told: list[Any] = []

    async def command(member: Member, text: str, channel: str | None = None) -> Answer:
        answer = await scene.command(member, text, channel)
        told.append((text, answer.body, member.modal))
        return answer

    async def submit(member: Member, **values: Any) -> None:
        told.append(((await member.submit(values)).errors, member.modal))

    for text in ("", "joyn", "xyzzy", "program", "program nwe", "match", "goals", "status"):
        await command(scene.jo, text)
    await command(scene.robin, "program new", scene.channel)
    await submit(scene.robin, template="inclusion")
    await submit(scene.robin, name="Fresh Eyes", purpose="Learn", topics=["inclusion"], vetted=[])
    await submit(
        scene.robin,
        name="Other Eyes",
        manager_slack_ids=[scene.lena.id],
        training_required=[],
    )
    await submit(scene.robin)
    for member in (scene.jo, scene.lena):
        choice = (await command(member, "join")).message
        assert choice is not None
        await member.click(choice, "join", str((await scene.rows(Program))[-1].id))
        answers = {"identity_topics": ["inclusion"], "ground_rules": ["agree"]}
        await submit(member, topics=["inclusion"], **answers)
    proposal = await scene.proposal()
    again = scene.press(scene.robin.id, proposal, "publish_match")
    await scene.robin.click(proposal, "publish_match")
    told.append(await scene.sandbox.send("interaction", again))
    await pairs.open_spaces(scene.runtime)
    await delivery.send_due(scene.runtime)
    scene.sandbox.workspace.now.forward(days=14, hours=1)
    await cadence.queue_due(scene.runtime)
    await delivery.send_due(scene.runtime)
    await scene.sandbox.settle()
    told.append(scene.sandbox.undelivered)
    [channel] = [found["id"] for found in scene.lena.channels if found["name"] != "directmessage"]
    await scene.lena.click(scene.lena.messages(channel)[-1], "we_met")
    await command(scene.lena, "goals", channel)
    await submit(scene.lena, relevant="a", experimental="b", aspirational=" ", learning="d")
    await submit(scene.lena, aspirational="c")
    await scene.lose_table("pair")
    await command(scene.lena, "status")
    told += [scene.robin.messages(scene.channel), scene.lena.messages(channel)]
    calls = [(call.method, call.ok, call.error) for call in scene.sandbox.calls]
    return [*told, *(call for call in calls if call[0] != "apps.connections.open")]


def without_chance(told: list[Any]) -> str:
    """Ports and moments differ from run to run."""
    return re.sub(r"127\.0\.0\.1:\d+|\b\d{10}\.\w+", "…", "\n".join(map(repr, told)))


async def test_both_transports_give_the_same_answers(
    template: dict[str, str], tmp_path: Path
) -> None:
    heard = {}
    for transport in TRANSPORTS:
        database = tmp_path / f"{transport}.db"
        shutil.copy(template["sqlite"].removeprefix("sqlite:///"), database)
        async with world(transport, database) as scene:
            heard[transport] = without_chance(await story(scene))
    http, socket_mode = (heard[transport].splitlines() for transport in TRANSPORTS)
    assert http == socket_mode
    assert len(http) > 25
