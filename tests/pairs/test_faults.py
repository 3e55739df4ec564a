"""Whatever goes wrong at Slack, a pair gets one channel, both are in it, and are greeted once."""

from datetime import timedelta

import pytest

from bot.delivery import service as delivery
from bot.pairs import service as pairs
from models import Pair, PairState
from sandbox.faults import CALL_KINDS, Fault
from sandbox.server import Sandbox
from tests.conftest import Clock
from tests.factories import Company

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
METHODS = ("conversations.create", "conversations.invite", "chat.postMessage")


async def open_pair(company: Company, clock: Clock) -> Pair:
    """A pair whose channel is opened and greeted over half an hour of ticks."""
    manager = await company.person(level=3)
    mentor, mentee = await company.person(level=1), await company.person(level=6)
    pair = await company.pair(await company.program(manager), mentor, mentee)
    for _ in range(30):
        await pairs.open_spaces(company.runtime)
        await delivery.send_due(company.runtime)
        await company.sandbox.settle()
        await delivery.settle(company.runtime)
        clock.now += timedelta(minutes=1)
    async with company.runtime.database.transaction(company.workspace_id) as session:
        return await session.get_one(Pair, pair.id)


async def check_greeted_once(company: Company, pair: Pair) -> None:
    conversations = company.sandbox.workspace.conversations.values()
    made = [one for one in conversations if one.name == pair.channel_name]
    assert [one.id for one in made] == [pair.channel_id]
    assert pair.state is PairState.ACTIVE
    [channel] = made
    assert len(channel.members) == 3
    said = [message.text for message in channel.messages.values()]
    assert len(said) == len(set(said)) == 1


@pytest.mark.parametrize("kind", CALL_KINDS)
@pytest.mark.parametrize("method", METHODS)
async def test_one_fault(
    company: Company, sandbox: Sandbox, clock: Clock, kind: str, method: str
) -> None:
    sandbox.faults.add(Fault(kind, method, seconds=0.05))
    pair = await open_pair(company, clock)
    assert [(met.method, met.kind) for met in sandbox.faults.met] == [(method, kind)]
    await check_greeted_once(company, pair)


@pytest.mark.parametrize("seed", range(6))
async def test_many_faults(company: Company, sandbox: Sandbox, clock: Clock, seed: int) -> None:
    sandbox.faults.at_random(0.4, seed)
    pair = await open_pair(company, clock)
    await check_greeted_once(company, pair)
