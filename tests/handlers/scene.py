"""A small company with a program, and short ways to say what tests of listeners say often."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select, text

from bot import log
from bot.delivery import service as delivery
from bot.matching import runs_service as matching
from bot.pairs import service as pairs
from models import Base, Pair, Person, Program
from sandbox.client import Answer, Member
from tests.factories import Company

Json = dict[str, Any]

on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what goes on before or after the database."""


class Scene:
    """A manager, a leader and a junior, and a program they can join; `channel` is its admin
    channel."""

    def __init__(self, company: Company, people: Sequence[Person], program: Program) -> None:
        self.company = company
        self.runtime = company.runtime
        self.sandbox = company.sandbox
        self.manager, self.leader, self.junior = people
        self.robin, self.lena, self.jo = map(company.member, people)
        self.program = program
        self.channel = program.admin_channel_id

    def say(self, key: str, **values: str | int) -> str:
        return self.runtime.library.say(key, **values)

    def label(self, key: str, **values: str | int) -> str:
        return self.runtime.library.label(key, **values)

    async def command(self, member: Member, text: str, channel: str | None = None) -> Answer:
        return await member.command("/mentoring", text, channel)

    async def told(self, member: Member) -> list[str]:
        """What the app has written to this person in all, after it has sent what is due."""
        await delivery.send_due(self.runtime)
        return [message["text"] for message in member.messages(member.direct())]

    async def in_channel(self, member: Member, channel: str) -> list[Json]:
        await delivery.send_due(self.runtime)
        return member.messages(channel)

    async def enrol_all(self) -> None:
        for person in (self.leader, self.junior):
            await self.company.enrol(self.program, person)

    async def open_pair(self) -> Pair:
        """Jo and Lena as a pair, with their channel and its introduction."""
        await self.company.pair(self.program, self.junior, self.leader)
        await pairs.open_spaces(self.runtime)
        await delivery.send_due(self.runtime)
        [pair] = await self.rows(Pair)
        return pair

    async def proposal(self) -> Json:
        """What the admin channel reads of the match that the manager asks for."""
        await self.command(self.robin, "match", self.channel)
        await matching.work_off(self.runtime)
        found = await self.in_channel(self.robin, self.channel)
        return [message for message in found if "publish_match" in str(message["blocks"])][-1]

    def press(self, user: str, message: Json, action_id: str = "") -> Json:
        """A press of one of the message's buttons, or the first, as Slack sends it, even if Slack's
        client would not let this person press it, or not any more: a slow network may."""
        workspace = self.sandbox.workspace
        channel = message["channel"]
        url_id = self.sandbox.response_urls.new(user, channel, None)
        [row] = [block for block in message["blocks"] if block["type"] == "actions"]
        [pressed, *_] = [one for one in row["elements"] if action_id in ("", one["action_id"])]
        return {
            "type": "block_actions",
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "user": {"id": user},
            "api_app_id": workspace.app_id,
            "trigger_id": "",
            "channel": {"id": channel, "name": "privategroup"},
            "message": {"ts": message["ts"], "text": message["text"], "blocks": message["blocks"]},
            "container": {"type": "message", "message_ts": message["ts"]},
            "response_url": f"{self.sandbox.url}/response/{url_id}",
            "actions": [{**pressed, "block_id": row["block_id"], "action_ts": "1"}],
        }

    async def rows(self, model: type[Base]) -> Sequence[Any]:
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            return (await session.scalars(select(model).order_by(model.id))).all()

    async def lose_table(self, name: str) -> None:
        """From now on, whatever needs this table fails in a way that nobody foresaw."""
        async with self.runtime.database.engine.begin() as connection:
            await connection.execute(text(f"ALTER TABLE {name} RENAME TO {name}_lost"))

    async def count(self, model: type[Base]) -> int:
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            return (await session.scalars(select(func.count()).select_from(model))).one()


@contextmanager
def logged(level: int = logging.DEBUG) -> Iterator[StringIO]:
    """What the app and everything it stands on log meanwhile, down to the last detail."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level_before = root.handlers, root.level
    others = {name: logging.getLogger(name) for name in ("slack_bolt", "slack_sdk", "aiohttp")}
    stream = StringIO()
    log.configure(stream, level)
    for logger in (root, *others.values()):
        logger.setLevel(level)
    try:
        yield stream
    finally:
        root.handlers = handlers
        root.setLevel(level_before)
        for logger in others.values():
            logger.setLevel(logging.NOTSET)
        structlog.configure(**before)


def events(stream: StringIO, name: str) -> list[Json]:
    """The logged events of this name, in order."""
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [line for line in lines if line["event"] == name]


def texts(body: Json) -> list[str]:
    """The texts of sections and contexts, in order."""
    found = []
    for block in body["blocks"]:
        parts = [block["text"]] if "text" in block else []
        parts += block.get("fields", []) + block.get("elements", [])
        found += [part["text"] for part in parts if isinstance(part.get("text"), str)]
    return found


def is_private(answer: Answer) -> bool:
    return answer.body.get("response_type") == "ephemeral"
