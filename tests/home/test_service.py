import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import at_the_end
from bot.delivery import service as delivery
from bot.home import service, store
from bot.meetings import service as meetings
from bot.pairs import service as pairs
from bot.runtime import Runtime
from models import (
    Audience,
    Enrollment,
    EnrollmentState,
    Home,
    Invitation,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Touchpoint,
    TouchpointKind,
)
from sandbox.faults import Fault
from sandbox.server import Sandbox
from tests.bad_day import PATIENCE, BadDay, gateway_to, serving
from tests.conftest import Clock
from tests.factories import Company
from tests.statements import counted

Json = dict[str, Any]

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SETTLED = service.SETTLE.total_seconds()


@pytest.fixture
async def bad_day(sandbox: Sandbox) -> AsyncIterator[BadDay]:
    async with serving() as day:
        day.slack = sandbox.api_url
        yield day


@pytest.fixture
async def troubled(runtime: Runtime, sandbox: Sandbox, bad_day: BadDay) -> AsyncIterator[Runtime]:
    """The runtime of a copy of the app whose calls to Slack reach `bad_day`."""
    async with ClientSession(timeout=PATIENCE) as session:
        yield replace(runtime, slack=gateway_to(bad_day.api_url, sandbox.bot_token, session))


async def look(company: Company, person: Person) -> Json:
    """The Home as the person sees it when they open it."""
    assert person.slack_user_id is not None
    await service.opened(company.runtime, company.sandbox.workspace.team_id, person.slack_user_id)
    return shown(company, person)


def shown(company: Company, person: Person) -> Json:
    home = company.member(person).home
    assert home is not None
    return home


def words(home: Json) -> str:
    """Everything there is to read on it, but for the buttons."""
    texts = []
    for block in home["blocks"]:
        texts += [block["text"]["text"]] if "text" in block else []
        texts += [element["text"] for element in block.get("elements", [])]
    return "\n".join(text for text in texts if isinstance(text, str))


def buttons(home: Json) -> list[tuple[str, str]]:
    """(action id, value) of every button, in order."""
    found = []
    for block in home["blocks"]:
        rows = [block["accessory"]] if "accessory" in block else []
        rows += block["elements"] if block["type"] == "actions" else []
        found += [(button["action_id"], button["value"]) for button in rows]
    return found


async def outdate(company: Company, *people: Person) -> None:
    async with company.transaction() as session:
        ids = [person.id for person in people]
        await delivery.outdate_homes(session, company.runtime, ids)


async def homes(company: Company) -> Sequence[Home]:
    async with company.transaction() as session:
        return (await session.scalars(select(Home).order_by(Home.id))).all()


async def change(company: Company, model: type, id_: int, **values: object) -> None:
    async with company.transaction() as session:
        await session.execute(update(model).where(model.id == id_).values(**values))


async def couple(
    company: Company, program: Program, mentee: Person, *, first_week_on: date = date(2026, 1, 5)
) -> Pair:
    """An active pair, both enrolled, in its first week."""
    mentor = await company.person(level=1)
    await company.enrol(program, mentor)
    pair = await company.pair(program, mentor, mentee, first_week_on=first_week_on)
    await pairs.open_spaces(company.runtime)
    await change(company, Pair, pair.id, first_week_on=first_week_on)
    return pair


class TestOpened:
    async def test_is_published_at_once_and_remembered(
        self, company: Company, clock: Clock
    ) -> None:
        jo = await company.person("Jo Young")
        home = await look(company, jo)
        assert company.runtime.library.say("home.nothing_now") in words(home)
        [row] = await homes(company)
        assert (row.person_id, row.outdated_since, row.published_at) == (jo.id, None, clock.now)

    async def test_again_shows_what_is_now(self, company: Company, clock: Clock) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        clock.forward(hours=1)
        program = await company.program(await company.person(level=3))
        await company.enrol(program, jo)
        waits = company.runtime.library.say("home.waiting", program="Fresh Eyes", role="mentor")
        assert waits in words(await look(company, jo))
        assert len(await homes(company)) == 1

    async def test_at_once_again_is_left_to_the_ticker(
        self, company: Company, clock: Clock
    ) -> None:
        jo = await company.person("Jo Young")
        for _ in range(3):
            await look(company, jo)
        published = [call for call in company.sandbox.calls if call.method == "views.publish"]
        assert len(published) == 1
        clock.forward(seconds=SETTLED)
        assert await service.publish_outdated(company.runtime) == 1

    async def test_twice_at_once_is_one_home(self, company: Company) -> None:
        jo = await company.person("Jo Young")
        await asyncio.gather(*(look(company, jo) for _ in range(5)))
        assert len(await homes(company)) == 1

    async def test_somebody_new_is_recognised(self, company: Company) -> None:
        user = company.sandbox.add_user("nia", "Nia New", email="nia@example.com")
        team_id = company.sandbox.workspace.team_id
        await service.opened(company.runtime, team_id, user)
        assert company.sandbox.member(user).home is not None
        assert len(await homes(company)) == 1

    async def test_a_guest_reads_why_there_is_nothing_here(self, company: Company) -> None:
        user = company.sandbox.add_user("guest", "Guest", is_restricted=True)
        team_id = company.sandbox.workspace.team_id
        await service.opened(company.runtime, team_id, user)
        home = company.sandbox.member(user).home
        assert home is not None
        assert company.runtime.library.say("errors.unknown_person") in words(home)
        assert buttons(home) == []
        assert await homes(company) == []

    async def test_somebody_who_has_left_too(self, company: Company) -> None:
        jo = await company.person("Jo Young")
        await change(company, Person, jo.id, active=False)
        home = await look(company, jo)
        assert company.runtime.library.say("errors.unknown_person") in words(home)
        assert await homes(company) == []

    @pytest.mark.parametrize("kind", ["status", "ratelimited", "drop_before"])
    async def test_what_slack_does_not_take_now_the_ticker_tries_again(
        self, company: Company, clock: Clock, kind: str
    ) -> None:
        jo = await company.person("Jo Young")
        company.sandbox.faults.add(Fault(kind, method="views.publish"))
        team_id = company.sandbox.workspace.team_id
        await service.opened(company.runtime, team_id, jo.slack_user_id or "")
        assert company.member(jo).home is None
        clock.forward(minutes=2)
        assert await service.publish_outdated(company.runtime) == 1
        assert company.member(jo).home is not None

    @ONE_ENGINE
    async def test_a_guest_while_slack_is_away_is_no_error(self, company: Company) -> None:
        user = company.sandbox.add_user("guest", "Guest", is_restricted=True)
        company.sandbox.faults.add(Fault("status", method="views.publish"))
        await service.opened(company.runtime, company.sandbox.workspace.team_id, user)
        assert company.sandbox.member(user).home is None


class TestPublishOutdated:
    async def test_waits_until_the_changes_have_settled_and_publishes_once(
        self, company: Company, clock: Clock
    ) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        clock.forward(minutes=1)
        for _ in range(3):
            await outdate(company, jo)
            clock.forward(seconds=1)
            if clock.now.second < SETTLED - 1:
                assert await service.publish_outdated(company.runtime) == 0
        assert await service.publish_outdated(company.runtime) == 1
        clock.forward(hours=1)
        assert await service.publish_outdated(company.runtime) == 0

    async def test_leaves_those_alone_who_never_looked(self, company: Company) -> None:
        jo = await company.person("Jo Young")
        await outdate(company, jo)
        assert await homes(company) == []

    async def test_publishes_everybodys(self, company: Company, clock: Clock) -> None:
        people = [await company.person() for _ in range(4)]
        for person in people:
            await look(company, person)
        await outdate(company, *people[1:])
        clock.forward(minutes=1)
        assert await service.publish_outdated(company.runtime) == 3

    async def test_a_change_meanwhile_is_published_too(
        self, company: Company, clock: Clock, troubled: Runtime, bad_day: BadDay
    ) -> None:
        jo = await company.person("Jo Young")
        program = await company.program(await company.person(level=3))
        await look(company, jo)
        await outdate(company, jo)
        clock.forward(minutes=1)

        async def join() -> None:
            await company.enrol(program, jo)
            await outdate(company, jo)

        waits = company.runtime.library.say("home.waiting", program="Fresh Eyes", role="mentor")
        bad_day.meanwhile = join
        assert await service.publish_outdated(troubled) == 1
        assert waits not in words(shown(company, jo))
        clock.forward(seconds=SETTLED)
        assert await service.publish_outdated(company.runtime) == 1
        assert waits in words(shown(company, jo))

    async def test_two_copies_publish_a_home_once(
        self, company: Company, clock: Clock, troubled: Runtime, bad_day: BadDay
    ) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        await outdate(company, jo)
        clock.forward(minutes=1)
        by_the_other = []

        async def other_copy() -> None:
            by_the_other.append(await service.publish_outdated(company.runtime))

        bad_day.meanwhile = other_copy
        assert await service.publish_outdated(troubled) == 1
        assert by_the_other == [0]

    async def test_a_copy_that_was_too_slow_does_not_have_the_last_word(
        self, company: Company, clock: Clock, troubled: Runtime, bad_day: BadDay
    ) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        await outdate(company, jo)
        clock.forward(minutes=1)

        async def long_after() -> None:
            bad_day.meanwhile = None
            clock.forward(minutes=5)
            assert await service.publish_outdated(company.runtime) == 1

        bad_day.meanwhile = long_after
        assert await service.publish_outdated(troubled) == 1
        clock.forward(seconds=SETTLED)
        assert await service.publish_outdated(company.runtime) == 1
        clock.forward(minutes=5)
        assert await service.publish_outdated(company.runtime) == 0

    async def test_of_a_copy_that_died_another_takes_over(
        self, company: Company, clock: Clock
    ) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        await outdate(company, jo)
        clock.forward(minutes=1)
        database = company.runtime.database
        async with database.transaction_across_workspaces() as session:
            settle, lease = service.SETTLE, service.LEASE
            assert await store.claim_outdated(session, clock.now, settle, lease)
        assert await service.publish_outdated(company.runtime) == 0
        clock.forward(minutes=2)
        assert await service.publish_outdated(company.runtime) == 1

    @ONE_ENGINE
    @pytest.mark.parametrize("kind", ["status", "ratelimited", "drop_before", "drop_after"])
    async def test_when_slack_asks_for_patience_the_rest_waits(
        self, company: Company, clock: Clock, kind: str
    ) -> None:
        people = [await company.person() for _ in range(3)]
        for person in people:
            await look(company, person)
        await outdate(company, *people)
        clock.forward(minutes=1)
        company.sandbox.faults.add(Fault(kind, method="views.publish"))
        assert await service.publish_outdated(company.runtime) == 0
        assert await service.publish_outdated(company.runtime) == 2
        clock.forward(minutes=2)
        assert await service.publish_outdated(company.runtime) == 1

    async def test_what_slack_refuses_is_not_tried_for_ever(
        self, company: Company, clock: Clock
    ) -> None:
        jo, lena = await company.person("Jo Young"), await company.person("Lena Boss")
        for person in (jo, lena):
            await look(company, person)
        await outdate(company, jo, lena)
        clock.forward(minutes=1)
        company.sandbox.faults.add(Fault("error", method="views.publish", error="view_too_large"))
        assert await service.publish_outdated(company.runtime) == 1
        clock.forward(hours=1)
        assert await service.publish_outdated(company.runtime) == 0
        await outdate(company, jo)
        clock.forward(minutes=1)
        assert await service.publish_outdated(company.runtime) == 1

    async def test_the_home_of_somebody_who_is_gone_is_forgotten(
        self, company: Company, clock: Clock
    ) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        await outdate(company, jo)
        clock.forward(minutes=1)
        company.sandbox.faults.add(Fault("error", method="views.publish", error="user_not_found"))
        assert await service.publish_outdated(company.runtime) == 0
        assert await homes(company) == []

    async def test_somebody_who_has_left_reads_so(self, company: Company, clock: Clock) -> None:
        jo = await company.person("Jo Young")
        await look(company, jo)
        await change(company, Person, jo.id, active=False)
        await outdate(company, jo)
        clock.forward(minutes=1)
        assert await service.publish_outdated(company.runtime) == 1
        home = shown(company, jo)
        assert company.runtime.library.say("errors.unknown_person") in words(home)
        assert buttons(home) == []


class TestClaims:
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_a_home_that_is_just_being_outdated_is_left_alone(
        self, company: Company, clock: Clock
    ) -> None:
        """Whoever claimed it now would read what was before the change, and call it current."""
        jo = await company.person("Jo Young")
        await look(company, jo)
        await outdate(company, jo)
        clock.forward(minutes=1)

        async def publish(_: AsyncSession) -> None:
            assert await service.publish_outdated(company.runtime) == 0

        async with company.transaction() as session:
            await delivery.outdate_homes(session, company.runtime, [jo.id])
            at_the_end(session, publish)
        assert await service.publish_outdated(company.runtime) == 1


class TestOfAParticipant:
    async def test_somebody_who_waits_can_do_everything_from_here(self, company: Company) -> None:
        jo = await company.person("Jo Young")
        program = await company.program(await company.person(level=3))
        enrolled = await company.enrol(program, jo)
        assert buttons(await look(company, jo)) == [
            ("open_lesson", str(enrolled.id)),
            ("join", str(program.id)),
            ("skip_round", str(program.id)),
            ("open_profile", "me"),
            ("open_pause", "me"),
            ("open_support", "me"),
            ("open_leave", "me"),
        ]

    async def test_on_a_break_one_can_come_back(self, company: Company) -> None:
        jo = await company.person("Jo Young")
        program = await company.program(await company.person(level=3))
        enrolled = await company.enrol(program, jo)
        rests = {"paused_since": date(2026, 1, 5), "paused_until": date(2026, 1, 20)}
        await change(company, Enrollment, enrolled.id, **rests)
        home = await look(company, jo)
        assert company.runtime.library.say("home.on_break_until", until="20 January 2026") in words(
            home
        )
        actions = {action for action, _ in buttons(home)}
        assert "resume_me" in actions
        assert actions.isdisjoint({"open_pause", "skip_round"})

    async def test_the_place_on_the_waiting_list_counts_ones_own_side(
        self, company: Company, clock: Clock
    ) -> None:
        program = await company.program(await company.person(level=3))
        other = await company.program(name="Other")
        people = [await company.person(level=level) for level in (1, 6, 1, 1)]
        gone = await company.person(level=1)
        for person in (gone, *people):
            for one in (program, other):
                clock.forward(seconds=1)
                enrolled = await company.enrol(one, person)
                state = EnrollmentState.WAITLISTED
                await change(company, Enrollment, enrolled.id, state=state)
        await change(company, Person, gone.id, active=False)
        said = company.runtime.library.say(
            "home.waitlisted", program="Fresh Eyes", role="mentor", place=3
        )
        assert said in words(await look(company, people[-1]))

    async def test_the_pair_of_this_week(self, company: Company, clock: Clock) -> None:
        lena = await company.person("Lena Boss", level=6)
        program = await company.program(await company.person(level=3))
        await company.enrol(program, lena)
        pair = await couple(company, program, lena)
        home = await look(company, lena)
        assert ("we_met", f"{pair.id}:1") in buttons(home)
        assert ("set_goal", str(pair.id)) in buttons(home)
        assert company.runtime.library.say("home.pair_week", week=1, weeks=12) in words(home)
        async with company.transaction() as session:
            await meetings.report(session, company.runtime, lena, pair.id, 1)
        clock.forward(minutes=1)
        assert await service.publish_outdated(company.runtime) == 1
        home = shown(company, lena)
        assert "we_met" not in {action for action, _ in buttons(home)}
        assert company.runtime.library.say("home.met", count=1) in words(home)

    @ONE_ENGINE
    async def test_says_nothing_of_when_a_reminder_comes(self, company: Company) -> None:
        """Whoever knew when it is due would know whether one was sent for a reason."""
        lena = await company.person("Lena Boss", level=6)
        program = await company.program(await company.person(level=3))
        await couple(company, program, lena)
        async with company.transaction() as session:
            rows = await session.execute(select(Touchpoint.kind, Touchpoint.due_at))
            due = dict(rows.all())
            earlier = due[TouchpointKind.NUDGE] - timedelta(hours=1)
            is_reminder = Touchpoint.kind == TouchpointKind.REMINDER
            await session.execute(update(Touchpoint).where(is_reminder).values(due_at=earlier))
        nudge = int(due[TouchpointKind.NUDGE].timestamp())
        assert f"<!date^{nudge}^" in words(await look(company, lena))

    @pytest.mark.parametrize("state", [PairState.COMPLETED, PairState.ENDED])
    async def test_a_pair_that_is_over_is_not_shown(
        self, company: Company, state: PairState
    ) -> None:
        lena = await company.person("Lena Boss", level=6)
        program = await company.program(await company.person(level=3))
        await company.enrol(program, lena)
        pair = await couple(company, program, lena)
        await change(company, Pair, pair.id, state=state)
        home = await look(company, lena)
        waits = company.runtime.library.say("home.waiting", program="Fresh Eyes", role="mentee")
        assert (waits in words(home)) is (state is PairState.ENDED)
        assert company.runtime.library.label("home.pairs_heading") not in words(home)

    async def test_what_one_was_invited_to_and_what_is_open(self, company: Company) -> None:
        jo = await company.person("Jo Young", department="Sales")
        boss = await company.person(level=6)
        named = {"Invited": Audience.INVITED, "Not for Jo": Audience.INVITED, "Open": Audience.OPEN}
        made = {name: await company.program(boss, name=name) for name in named}
        for name, audience in named.items():
            await change(company, Program, made[name].id, audience=audience)
        elsewhere = await company.program(boss, name="Elsewhere")
        await change(company, Program, elsewhere.id, departments=["Legal"])
        async with company.transaction() as session:
            session.add(Invitation(program_id=made["Invited"].id, person_id=jo.id))
        home = await look(company, jo)
        joins = [value for action, value in buttons(home) if action == "join"]
        assert joins == [str(made["Open"].id), str(made["Invited"].id)]
        assert company.runtime.library.say("home.invited", program="Invited") in words(home)

    async def test_nobody_reads_of_another_pair(self, company: Company) -> None:
        program = await company.program(await company.person(level=3))
        leaders = [await company.person(level=6) for _ in range(2)]
        made = [await couple(company, program, leader) for leader in leaders]
        said = words(await look(company, leaders[0]))
        async with company.transaction() as session:
            others = (await session.get_one(Person, made[1].mentor_id), leaders[1])
        for other in others:
            assert other.slack_user_id not in said
            assert other.name not in said


class TestOfAManager:
    async def test_figures_and_no_names(self, company: Company) -> None:
        robin = await company.person("Robin Vega", level=3)
        program = await company.program(robin, state=ProgramState.RUNNING)
        lena, olli = await company.person(level=6), await company.person(level=6)
        waits = await company.person(level=1)
        applied = await company.enrol(program, await company.person(level=1))
        await change(company, Enrollment, applied.id, state=EnrollmentState.APPLIED)
        for person in (lena, olli, waits):
            await company.enrol(program, person)
        await couple(company, program, lena)
        paused = await couple(company, program, olli)
        await change(company, Pair, paused.id, state=PairState.PAUSED)
        home = await look(company, robin)
        said, say = words(home), company.runtime.library.say
        people = {"mentors": "3 mentors", "mentees": "2 mentees"}
        assert say("home.managed_people", **people) in said
        assert say("home.managed_waiting", mentors="1 mentor", mentees="0 mentees") in said
        assert say("home.managed_queue", applications=1, waitlisted=0) in said
        assert say("home.managed_pairs", active=1, resting=0, paused=1, completed=0) in said
        assert say("home.pairs_to_decide", program="Fresh Eyes", count=1) in said
        assert "<@" not in said
        assert ("open_queue", str(program.id)) in buttons(home)

    async def test_only_those_wait_who_can_be_matched(self, company: Company) -> None:
        robin = await company.person("Robin Vega", level=3)
        program = await company.program(robin, state=ProgramState.MATCHING, training_required=True)
        done = {"lesson_done_at": company.runtime.clock()}
        held_up = ({}, {**done, "skips_match": True}, {**done, "paused_since": date(2026, 1, 2)})
        for columns in (done, *held_up):
            await company.enrol(program, await company.person(level=1), **columns)
        said, say = words(await look(company, robin)), company.runtime.library.say
        assert say("home.managed_people", mentors="4 mentors", mentees="0 mentees") in said
        assert say("home.managed_waiting", mentors="1 mentor", mentees="0 mentees") in said

    @ONE_ENGINE
    async def test_the_buttons_are_those_that_the_state_allows(self, company: Company) -> None:
        robin = await company.person("Robin Vega", level=3)
        program = await company.program(robin, state=ProgramState.DRAFT)
        value = str(program.id)
        managing = [button for button in buttons(await look(company, robin)) if value in button]
        assert managing == [
            ("launch_program", value),
            ("edit_program", value),
            ("launch_program", value),
            ("close_program", value),
            ("copy_program", value),
        ]

    @ONE_ENGINE
    async def test_a_program_that_is_closed_is_not_shown(self, company: Company) -> None:
        robin = await company.person("Robin Vega", level=3)
        await company.program(robin, state=ProgramState.CLOSED)
        assert "Fresh Eyes" not in words(await look(company, robin))

    @ONE_ENGINE
    async def test_only_managers_are_shown_how_to_open_one(self, company: Company) -> None:
        robin, jo = await company.person(level=3), await company.person("Jo Young")
        await company.program(robin)
        for person, manages in ((robin, True), (jo, False)):
            assert (("new_program", "new") in buttons(await look(company, person))) is manages

    async def test_matching_can_begin_when_both_sides_wait(
        self, company: Company, clock: Clock
    ) -> None:
        robin = await company.person("Robin Vega", level=3)
        program = await company.program(robin, state=ProgramState.MATCHING)
        await company.enrol(program, await company.person(level=1))
        assert "/mentoring match" not in words(await look(company, robin))
        lena = await company.person(level=6)
        await company.enrol(program, lena)
        clock.forward(minutes=1)
        assert "/mentoring match" in words(await look(company, robin))

    async def test_how_far_the_newest_match_run_is(self, company: Company, clock: Clock) -> None:
        robin = await company.person("Robin Vega", level=3)
        program = await company.program(robin, state=ProgramState.MATCHING)
        for level in (1, 6):
            await company.enrol(program, await company.person(level=level))
        async with company.transaction() as session:
            for state in (MatchRunState.DROPPED, MatchRunState.PROPOSED, MatchRunState.REQUESTED):
                run = MatchRun(program_id=program.id, state=state, progress=40, created_at=clock())
                session.add(run)
                await session.flush()
        home = await look(company, robin)
        say = company.runtime.library.say
        assert say("home.managed_match_requested", progress=40) in words(home)
        assert "/mentoring match" not in words(home)
        await change(company, MatchRun, run.id, state=MatchRunState.PROPOSED)
        clock.forward(minutes=1)
        assert ("review_match", str(run.id)) in buttons(await look(company, robin))


class TestManyThings:
    async def test_as_many_queries_however_many_pairs_and_programs(
        self, company: Company, clock: Clock
    ) -> None:
        lena = await company.person("Lena Boss", level=6)

        async def another(number: int) -> None:
            program = await company.program(lena, name=f"Program {number}")
            await company.enrol(program, lena)
            await couple(company, program, lena)

        async def queries() -> int:
            clock.forward(minutes=1)
            with counted(company) as statements:
                await look(company, lena)
            return len(statements)

        await another(1)
        before = await queries()
        for number in range(2, 5):
            await another(number)
        assert await queries() == before

    async def test_somebody_in_forty_programs_has_a_home(
        self, company: Company, clock: Clock
    ) -> None:
        jo = await company.person("Jo Young")
        async with company.transaction() as session:
            programs = [
                Program(
                    name=f"Program {number}",
                    purpose="",
                    topics=[],
                    weeks=12,
                    cadence="weekly",
                    starts_on=date(2026, 2, 2),
                    mentee_from_level=4,
                    admin_channel_id="C1",
                    state=ProgramState.ENROLLING,
                    created_at=clock.now,
                )
                for number in range(40)
            ]
            session.add_all(programs)
            await session.flush()
            for program in programs:
                session.add(ProgramManager(program_id=program.id, person_id=jo.id))
        for program in programs:
            await company.enrol(program, jo)
        home = await look(company, jo)
        assert len(home["blocks"]) <= 100
        assert company.runtime.library.say("home.more", count=30) in words(home)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestOfAProgramThatEnds:
    @pytest.mark.parametrize(
        "state",
        [
            EnrollmentState.APPLIED,
            EnrollmentState.TALKING,
            EnrollmentState.WAITLISTED,
            EnrollmentState.ENROLLED,
        ],
    )
    async def test_nothing_is_promised_and_nothing_waits(
        self, company: Company, state: EnrollmentState
    ) -> None:
        robin, jo = await company.person("Robin Vega", level=3), await company.person("Jo Young")
        program = await company.program(robin, state=ProgramState.CLOSING)
        await company.enrol(program, jo, state=state)
        home = await look(company, jo)
        say = company.runtime.library.say
        assert say("status.own_closing", program="Fresh Eyes") in words(home)
        assert [action for action, _ in buttons(home)] == [
            "open_profile",
            "open_support",
            "open_leave",
        ]
        managed = await look(company, robin)
        assert "open_queue" not in {action for action, _ in buttons(managed)}
        assert "Waiting" not in words(managed)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestSkipping:
    @pytest.mark.parametrize("state", [PairState.ACTIVE, PairState.RESTING, PairState.COMPLETED])
    async def test_is_offered_only_where_there_is_something_to_skip(
        self, company: Company, state: PairState
    ) -> None:
        lena = await company.person("Lena Boss", level=6)
        program = await company.program(await company.person(level=3), state=ProgramState.RUNNING)
        await company.enrol(program, lena)
        pair = await couple(company, program, lena)
        await change(company, Pair, pair.id, state=state)
        shown_buttons = {action for action, _ in buttons(await look(company, lena))}
        assert ("skip_round" in shown_buttons) is (state is PairState.ACTIVE)
