"""Whatever somebody sees differently is noticed, and nothing else."""

from collections.abc import Callable

import pytest

from sandbox.page.changes import Changes, between, look
from sandbox.server import Sandbox
from tests.sandbox.conftest import People
from tests.sandbox.test_client import MODAL

HOME = {"type": "home", "blocks": [{"type": "divider"}]}


@pytest.fixture
def general(sandbox: Sandbox, people: People) -> str:
    channel = sandbox.add_channel("general", [people.ada, people.ben], app=True)
    space = sandbox.workspace
    space.post(space.conversations[channel], space.bot.id, "Hello")
    return channel


@pytest.fixture
def changes(sandbox: Sandbox) -> Callable[[], Changes]:
    """What has changed since the last time."""
    before = look(sandbox)

    def since() -> Changes:
        nonlocal before
        found = between(before, after := look(sandbox))
        before = after
        return found

    return since


class TestBetween:
    async def test_nothing(self, general, changes) -> None:
        assert not changes()

    async def test_messages(self, sandbox, people, general, changes) -> None:
        space = sandbox.workspace
        conversation = space.conversations[general]
        everybody = Changes([people.ada, people.ben], [general])
        message = space.post(conversation, people.ada, "Hello")
        assert changes() == everybody
        space.edit(message, {"text": "Bye"})
        assert changes() == everybody
        del conversation.messages[message.ts]
        assert changes() == everybody
        assert not changes()

    async def test_who_is_where(self, sandbox, people, general, changes) -> None:
        space = sandbox.workspace
        space.leave(general, people.ben)
        assert changes() == Changes([people.ada, people.ben], [general])
        space.join(space.conversations[general], [people.ben])
        assert changes() == Changes([people.ada, people.ben], [general])
        space.archive(general)
        assert changes() == Changes([people.ada, people.ben], [general])
        new = sandbox.add_channel("new", [people.ada])
        assert changes() == Changes([people.ada], [new])

    async def test_modals_and_homes(self, sandbox, people, changes) -> None:
        views = sandbox.views
        view = views.open(views.new_trigger(people.ada), MODAL)
        assert changes() == Changes([people.ada], [])
        views.update(view, MODAL)
        assert changes() == Changes([people.ada], [])
        views.clear(people.ada)
        assert changes() == Changes([people.ada], [])
        for _ in range(2):
            views.publish(people.ben, HOME)
            assert changes() == Changes([people.ben], [])

    async def test_people(self, sandbox, people, changes) -> None:
        sandbox.deactivate(people.ada)
        assert changes() == Changes([people.ada], [])
        newcomer = sandbox.add_user("dot")
        assert changes() == Changes([newcomer], [])
