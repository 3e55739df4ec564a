"""What Slack says of an account, with the shape of its documented event, reaches us by its real
transport."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import Pair, PairState, Person, SlackEvent
from sandbox.state.profiles import user_json
from tests.conftest import Clock
from tests.handlers.scene import Scene, on_one_engine


async def say(scene: Scene, slack_user_id: str, kind: str = "user_change", **changes: Any) -> None:
    """Slack's event about somebody as their account is now, but for the changes."""
    user = scene.sandbox.workspace.users[slack_user_id]
    team_id, now = scene.sandbox.workspace.team_id, scene.runtime.clock()
    shape = user_json(user, team_id, now, email=True, locale=True)
    profile = shape["profile"] | changes.pop("profile", {})
    moment = int(scene.runtime.clock().timestamp())
    event = {
        "type": kind,
        "user": shape | {"updated": moment, "profile": profile} | changes,
        "cache_ts": moment,
        "event_ts": f"{moment}.000100",
    }
    scene.sandbox.emit(event)
    await scene.sandbox.settle()
    assert scene.sandbox.undelivered == []


async def person(scene: Scene, slack_user_id: str) -> Person:
    async with scene.company.transaction() as session:
        query = select(Person).where(Person.slack_user_id == slack_user_id)
        return (await session.scalars(query)).one()


async def state(scene: Scene) -> PairState:
    [pair] = await scene.rows(Pair)
    return PairState(pair.state)


class TestUserChange:
    async def test_name_address_zone_and_language_stay_current(self, scene: Scene) -> None:
        await say(
            scene,
            scene.jo.id,
            profile={"real_name": "Jo Older", "email": "Jo.Older@Example.com"},
            tz="Asia/Tokyo",
            locale="ja-JP",
        )
        jo = await person(scene, scene.jo.id)
        assert (jo.name, jo.email) == ("Jo Older", "jo.older@example.com")
        assert (jo.time_zone, jo.locale) == ("Asia/Tokyo", "ja-JP")

    @pytest.mark.parametrize(
        "flag", ["deleted", "is_restricted", "is_ultra_restricted", "is_bot", "is_stranger"]
    )
    async def test_whose_account_is_closed_leaves_at_once(self, scene: Scene, flag: str) -> None:
        await scene.open_pair()
        await say(scene, scene.jo.id, **{flag: True})
        assert not (await person(scene, scene.jo.id)).active
        assert await state(scene) is PairState.PAUSED
        assert any("paused" in text for text in await scene.told(scene.lena))

    @on_one_engine
    async def test_as_the_workspace_itself_tells_it(self, scene: Scene, clock: Clock) -> None:
        scene.sandbox.deactivate(scene.jo.id)
        await scene.sandbox.settle()
        assert not (await person(scene, scene.jo.id)).active
        clock.forward(days=1)
        scene.sandbox.reactivate(scene.jo.id)
        await scene.sandbox.settle()
        assert (await person(scene, scene.jo.id)).active

    async def test_opened_again_they_are_back_and_the_managers_decide_about_the_pair(
        self, scene: Scene, clock: Clock
    ) -> None:
        await scene.open_pair()
        await say(scene, scene.jo.id, deleted=True)
        clock.forward(days=1)
        await say(scene, scene.jo.id)
        assert (await person(scene, scene.jo.id)).active
        assert await state(scene) is PairState.PAUSED

    @on_one_engine
    async def test_opened_again_they_are_not_back_if_hr_says_that_they_left(
        self, scene: Scene, clock: Clock
    ) -> None:
        async with scene.company.transaction() as session:
            jo = await session.get_one(Person, scene.junior.id)
            jo.has_left, jo.active = True, False
        await say(scene, scene.jo.id, deleted=True)
        clock.forward(days=1)
        await say(scene, scene.jo.id)
        assert not (await person(scene, scene.jo.id)).active

    @on_one_engine
    async def test_a_closed_account_keeps_its_name(self, scene: Scene) -> None:
        await say(scene, scene.jo.id, deleted=True, profile={"real_name": "", "email": None})
        jo = await person(scene, scene.jo.id)
        assert (jo.name, jo.email) == ("Jo Young", "jo.young@example.com")

    @on_one_engine
    async def test_older_news_does_not_undo_newer(self, scene: Scene, clock: Clock) -> None:
        before = int(clock().timestamp()) - 60
        await say(scene, scene.jo.id, tz="Asia/Tokyo")
        await say(scene, scene.jo.id, deleted=True, updated=before)
        jo = await person(scene, scene.jo.id)
        assert (jo.active, jo.time_zone) == (True, "Asia/Tokyo")

    async def test_the_same_event_twice_counts_once(self, scene: Scene) -> None:
        await scene.sandbox.settle()
        noted, workspace = await scene.count(SlackEvent), scene.sandbox.workspace
        now = scene.runtime.clock()
        user = user_json(workspace.users[scene.jo.id], workspace.team_id, now)
        gone = user | {"deleted": True, "updated": int(now.timestamp())}
        envelope = {
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "type": "event_callback",
            "event_id": "Ev-twice",
            "event_time": 1,
            "event": {"type": "user_change", "user": gone},
        }
        await scene.sandbox.send("event", envelope)
        async with scene.company.transaction() as session:
            (await session.get_one(Person, scene.junior.id)).account_closed = False
        await scene.sandbox.send("event", envelope)
        assert not (await person(scene, scene.jo.id)).account_closed
        assert await scene.count(SlackEvent) == noted + 1

    @on_one_engine
    async def test_of_nothing_that_we_keep_nothing_is_noted(self, scene: Scene) -> None:
        await say(scene, scene.jo.id)  # the language is new
        noted = await scene.count(SlackEvent)
        await say(scene, scene.jo.id, profile={"status_text": "At lunch"})
        assert await scene.count(SlackEvent) == noted

    @on_one_engine
    async def test_strangers_to_us_stay_strangers(self, scene: Scene) -> None:
        people = await scene.count(Person)
        other = scene.sandbox.add_user("other", "Other Person", email="other@example.com")
        await say(scene, other)
        assert await scene.count(Person) == people
        assert await scene.count(SlackEvent) == 0

    @on_one_engine
    async def test_who_was_let_in_again_and_we_missed_it_is_asked_after(self, scene: Scene) -> None:
        await say(scene, scene.jo.id, deleted=True)
        answer = await scene.command(scene.jo, "status")
        assert "staff records" not in str(answer.body)
        assert (await person(scene, scene.jo.id)).active


class TestTeamJoin:
    @pytest.fixture
    async def expected(self, scene: Scene) -> Person:
        """Somebody whom HR has told us of, and Slack not yet."""
        async with scene.company.transaction() as session:
            new = Person(
                employee_id="E99",
                name="N. Comer",
                email="new@example.com",
                level=2,
                reporting_path="/99/",
                starts_on=date(2026, 2, 1),
                active=False,
            )
            session.add(new)
        return new

    async def test_somebody_hr_knows_by_their_address_is_linked(
        self, scene: Scene, expected: Person
    ) -> None:
        new = scene.sandbox.add_user("new", "New Comer", email="New@example.com", tz="Asia/Tokyo")
        await scene.sandbox.settle()
        found = await person(scene, new)
        assert (found.id, found.name, found.time_zone) == (expected.id, "New Comer", "Asia/Tokyo")
        assert not found.active, "their first day has not come"

    @pytest.mark.parametrize("flag", ["is_bot", "is_restricted", "deleted"])
    @on_one_engine
    async def test_guests_and_bots_are_not(self, scene: Scene, expected: Person, flag: str) -> None:
        scene.sandbox.add_user("new", "New Comer", email="new@example.com", **{flag: True})
        await scene.sandbox.settle()
        async with scene.company.transaction() as session:
            assert (await session.get_one(Person, expected.id)).slack_user_id is None

    @on_one_engine
    async def test_somebody_hr_does_not_know_is_let_be(self, scene: Scene) -> None:
        people = await scene.count(Person)
        scene.sandbox.add_user("new", email="x@example.com")
        await scene.sandbox.settle()
        assert await scene.count(Person) == people
