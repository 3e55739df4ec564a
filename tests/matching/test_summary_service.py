from typing import Any

import pytest

from bot.delivery import service as delivery
from bot.matching import holds_service as holds
from bot.matching import summary_service as service
from bot.views import match_proposal
from models import HoldKind, LeftOver, Role
from sandbox.client import Json
from tests.applications import manager
from tests.matching.cast import Cast
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def shown(cast: Cast, number: int = 0) -> Json:
    """What the admin channel reads of a match, the first one first."""
    member = cast.company.member(cast.manager)
    channel = cast.program.admin_channel_id
    found = [one for one in member.messages(channel) if _is_of_match(one)]
    return found[number]


def _is_of_match(message: Json) -> bool:
    said = str(message["blocks"])
    return "Proposed pairs" in said or "newer one has taken its place" in said


async def drawn(cast: Cast, run_id: int, number: int = 0) -> str:
    """The message as it is once it has been drawn anew."""
    await delivery.send_due(cast.company.runtime)
    await service.redraw(cast.company.runtime, cast.company.workspace_id, run_id)
    return str(shown(cast, number)["blocks"])


async def forbid(cast: Cast, run_id: int) -> None:
    async with cast.company.transaction() as session:
        await holds.forbid(session, cast.company.runtime, cast.manager, run_id, *cast.best)


class TestRedraw:
    async def test_says_what_a_change_by_hand_has_left(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await delivery.send_due(cast.company.runtime)
        before = str(shown(cast)["blocks"])
        assert f"'value': '{run_id}:0'" in before
        await cast.another_boss()
        await forbid(cast, run_id)
        after = await drawn(cast, run_id)
        assert "*0 pairs*" in after
        assert cast.say("match.verdict_changed", count=1) in after
        assert match_proposal.PUBLISH not in after
        assert match_proposal.REVIEW in after

    @ONE_ENGINE
    async def test_counts_the_approvals_that_there_are(self, cast: Cast) -> None:
        second = await manager(cast.company, cast.program)
        await cast.another_boss()
        await cast.set(approvals_needed=2)
        run_id = await cast.propose()
        await cast.approve(run_id, second)
        assert ": 1 of 2" in await drawn(cast, run_id)
        async with cast.company.transaction() as session:
            runtime, two = cast.company.runtime, (await cast.proposed(run_id))[0]
            await holds.forbid(session, runtime, cast.manager, run_id, *two)
        after = await drawn(cast, run_id)
        assert ": 1 of 2" not in after
        assert f"'value': '{run_id}:1'" in after

    @ONE_ENGINE
    async def test_of_a_published_run_has_no_buttons(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        after = await drawn(cast, run_id)
        assert "published *1 pair*" in after
        assert "'actions'" not in after

    @ONE_ENGINE
    async def test_while_people_are_asked_it_can_be_looked_at(self, cast: Cast) -> None:
        run_id = await cast.ask()
        after = await drawn(cast, run_id)
        assert cast.say("match_asking.begun", count=2) in after
        assert match_proposal.REVIEW in after
        assert match_proposal.PUBLISH not in after

    async def test_of_a_replaced_run_loses_its_buttons(self, cast: Cast) -> None:
        await cast.propose()
        await delivery.send_due(cast.company.runtime)
        await cast.propose()
        after = str(shown(cast)["blocks"])
        assert cast.say("match.replaced", program=cast.program.name) in after
        assert "'actions'" not in after

    @ONE_ENGINE
    async def test_what_was_not_sent_yet_is_sent_as_it_is_now(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await forbid(cast, run_id)
        await service.redraw(cast.company.runtime, cast.company.workspace_id, run_id)
        await delivery.send_due(cast.company.runtime)
        assert "*0 pairs*" in str(shown(cast)["blocks"])

    @ONE_ENGINE
    async def test_of_a_run_that_never_was_is_nothing(self, cast: Cast) -> None:
        await service.redraw(cast.company.runtime, cast.company.workspace_id, 999)
        assert await cast.channel() == []


class TestFacts:
    @ONE_ENGINE
    async def test_count_locks_that_the_run_could_not_keep(self, cast: Cast) -> None:
        await cast.hold(HoldKind.LOCKED, cast.juniors[1], cast.boss)
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        await cast.change(cast.juniors[0], level=6)
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            found = await service.facts(session, cast.program, await cast.run(run_id))
        assert (found.locked, found.skipped, len(found.scores)) == (1, 1, 1)

    @ONE_ENGINE
    async def test_say_why_a_run_came_that_nobody_asked_for(self, cast: Cast) -> None:
        """And that the managers who take part are not in it, as there is nobody else."""
        await cast.company.enrol(cast.program, cast.manager)
        run_id = await cast.propose()
        run = await cast.run(run_id)
        async with cast.company.transaction() as session:
            by_manager = await service.facts(session, cast.program, run)
            run.requested_by_id = None
            by_app = await service.facts(session, cast.program, run)
        assert (by_manager.without_runner, by_app.without_runner) == (True, True)
        library = cast.company.runtime.library
        said = [str(match_proposal.summary(library, one).blocks) for one in (by_app,)]
        assert cast.say("match.asked_by_app") in said[0]
        assert cast.say("match.without_managers") in said[0]

    @ONE_ENGINE
    async def test_ask_the_database_as_often_however_many_there_are(self, cast: Cast) -> None:
        run_id = await cast.propose()
        run = await cast.run(run_id)
        with counted(cast.company) as few:
            await facts_of(cast, run)
        people = [await cast.company.person(f"Left {number}") for number in range(20)]
        point = {"key": "nobody_there", "values": {}}
        async with cast.company.transaction() as session:
            why = {"role": Role.MENTEE, "reason": point, "help": point}
            session.add_all(
                LeftOver(match_run_id=run_id, person_id=one.id, **why) for one in people
            )
        with counted(cast.company) as many:
            found = await facts_of(cast, run)
        assert found.left_over[Role.MENTEE] == 20
        assert len(many) == len(few)


async def facts_of(cast: Cast, run: Any) -> match_proposal.RunFacts:
    async with cast.company.transaction() as session:
        return await service.facts(session, cast.program, run)


def needed(role: Role, level: int, *topics: str) -> dict[str, Any]:
    return {"key": f"{role}s_needed", "values": {"level": level, "topics": list(topics)}}


class TestWishes:
    @ONE_ENGINE
    async def test_are_those_of_most_people_by_the_strictest_level(self, cast: Cast) -> None:
        await cast.set(mentor_capacity=2)
        helps = [
            needed(Role.MENTOR, 3, "bias", "sustainability"),
            needed(Role.MENTOR, 2, "sustainability"),
            needed(Role.MENTOR, 4, "sustainability"),
            needed(Role.MENTEE, 5, "sustainability"),
            needed(Role.MENTEE, 6, "sustainability"),
            {"key": "set_free", "values": {}},
        ]
        found = service.wishes(cast.program, helps)
        plain = [(one.role, one.topic, one.people, one.partners, one.level) for one in found]
        assert plain == [
            (Role.MENTOR, "sustainability", 3, 2, 2),
            (Role.MENTEE, "sustainability", 2, 2, 6),
            (Role.MENTOR, "bias", 1, 1, 3),
        ]

    @ONE_ENGINE
    @pytest.mark.parametrize(
        ("topic", "people", "said"),
        [
            ("sustainability", 5, True),
            ("sustainability", 4, False),
            ("bias", 50, False),
        ],
    )
    async def test_of_a_few_or_about_who_one_is_stay_out_of_the_channel(
        self, cast: Cast, topic: str, people: int, said: bool
    ) -> None:
        run = await cast.run(await cast.propose())
        library = cast.company.runtime.library
        assert topic in library.topics
        wishes = service.wishes(cast.program, [needed(Role.MENTOR, 3, topic)] * people)
        facts = match_proposal.RunFacts(cast.program, run, [0.5], wishes=wishes)
        shown = str(match_proposal.summary(library, facts).blocks)
        assert (library.topics[topic] in shown) is said
