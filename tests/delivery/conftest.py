from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.runtime import Runtime
from bot.views import blocks
from models import Delivery, DeliveryState, IfInDoubt
from sandbox.server import Sandbox
from tests.bad_day import PATIENCE, BadDay, gateway_to, serving
from tests.factories import Company


@dataclass
class Outbox:
    """The outbox of one workspace, and a channel for what leaves it."""

    company: Company
    channel: str

    @property
    def runtime(self) -> Runtime:
        return self.company.runtime

    def note(
        self,
        dedupe_key: str = "note:1",
        text: str = "Hello",
        *,
        if_in_doubt: IfInDoubt = IfInDoubt.SEND_AGAIN,
        recipient: str = "",
        not_before: datetime | None = None,
        pair_id: int | None = None,
    ) -> Outgoing:
        return Outgoing(
            dedupe_key=dedupe_key,
            kind="note",
            recipient=recipient or self.channel,
            message=blocks.message(text),
            if_in_doubt=if_in_doubt,
            workspace_id=self.company.workspace_id,
            not_before=not_before,
            pair_id=pair_id,
        )

    async def queue(self, *notes: Outgoing) -> None:
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            await delivery.queue(session, self.runtime, notes)

    async def rows(self) -> Sequence[Delivery]:
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            return (await session.scalars(select(Delivery).order_by(Delivery.id))).all()

    async def row(self) -> Delivery:
        [row] = await self.rows()
        return row

    async def states(self) -> list[DeliveryState]:
        return [row.state for row in await self.rows()]

    def more_channels(self, count: int) -> list[str]:
        """Slack takes no more than a few messages at once for one channel."""
        sandbox = self.company.sandbox
        return [
            sandbox.add_channel(f"pair-{number}", private=True, app=True) for number in range(count)
        ]

    def said(self, channel: str = "") -> list[str]:
        conversation = self.company.sandbox.workspace.conversations[channel or self.channel]
        return [message.text for message in conversation.messages.values()]


@pytest.fixture
async def outbox(company: Company) -> Outbox:
    return Outbox(company, company.sandbox.add_channel("pair", private=True, app=True))


@pytest.fixture
async def bad_day() -> AsyncIterator[BadDay]:
    async with serving() as day:
        yield day


@pytest.fixture
async def troubled(runtime: Runtime, sandbox: Sandbox, bad_day: BadDay) -> AsyncIterator[Runtime]:
    """The runtime of a copy of the app whose calls to Slack reach `bad_day`."""
    async with ClientSession(timeout=PATIENCE) as session:
        yield replace(runtime, slack=gateway_to(bad_day.api_url, sandbox.bot_token, session))
