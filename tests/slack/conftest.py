from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, ClientTimeout

from bot.slack.gateway import Gateway
from sandbox.server import Sandbox
from tests.bad_day import BadDay, gateway_to, serving

PATIENCE = ClientTimeout(total=0.3)


@pytest.fixture
async def bad_day() -> AsyncIterator[BadDay]:
    async with serving() as day:
        yield day


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(timeout=PATIENCE) as session:
        yield session


@pytest.fixture
def troubled(bad_day: BadDay, session: ClientSession) -> Gateway:
    """A gateway whose calls reach `bad_day`."""
    return gateway_to(bad_day.api_url, "xoxb-any", session)


@pytest.fixture
def gateway(sandbox: Sandbox, session: ClientSession) -> Gateway:
    return gateway_to(sandbox.api_url, sandbox.bot_token, session)
