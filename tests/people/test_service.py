import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.app import open_app, open_runtime
from bot.cadence import service as cadence
from bot.config import Settings
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.people import hr_service, service
from bot.people.hr_file import read_rows
from bot.people.hr_service import Imported
from bot.people.reporting_lines import in_line
from bot.roles import Actor
from bot.slack import installations
from bot.slack.gateway import Gateway, Profile
from models import Delivery, Pair, PairState, Person, Program, ProgramManager, Touchpoint
from sandbox.server import Sandbox
from tests.conftest import Clock
from tests.factories import Company
from tests.people.conftest import ImportCsv, Known

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STAFF = """\
id,name,email,level,department,title,manager,time_zone,left
1,Lena Boss,lena@example.com,6,Sales,Head,,Europe/Berlin,
2,Max Mid,max@example.com,3,Sales,Lead,1,Europe/Berlin,
3,Jo Young,jo@example.com,1,Care,Agent,2,Europe/London,
"""


async def recognise(company: Company, slack_user_id: str) -> Person:
    team_id = company.sandbox.workspace.team_id
    return await service.recognise(company.runtime, team_id, slack_user_id)


class SlackThatSays(Gateway):
    """Slack as it speaks of one kind of account that the sandbox does not have."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    async def profile(self, slack_user_id: str) -> Profile:
        return replace(self._profile, slack_user_id=slack_user_id)


class TestRecognise:
    async def test_links_by_email_whatever_its_letters(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv
    ) -> None:
        await import_csv(STAFF)
        jo = sandbox.add_user("jo", "Jo Young", email="Jo@Example.com", tz="Asia/Kolkata")
        person = await recognise(company, jo)
        assert (person.employee_id, person.level, person.slack_user_id) == ("3", 1, jo)

    @ONE_ENGINE
    async def test_finds_the_same_person_again_without_asking_slack(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv
    ) -> None:
        await import_csv(STAFF)
        jo = sandbox.add_user("jo", email="jo@example.com")
        first = await recognise(company, jo)
        asked = len(sandbox.calls)
        assert (await recognise(company, jo)).id == first.id
        assert len(sandbox.calls) == asked

    async def test_an_address_that_two_people_share_links_to_neither(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv
    ) -> None:
        await import_csv("id,level,email\n1,6,desk@example.com\n2,1,desk@example.com\n")
        desk = sandbox.add_user("desk", email="desk@example.com")
        person = await recognise(company, desk)
        assert person.employee_id is None
        assert person.level is None

    @ONE_ENGINE
    async def test_an_address_of_somebody_linked_already_is_not_taken_over(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv
    ) -> None:
        await import_csv(STAFF)
        jo, other = (sandbox.add_user(name, email="jo@example.com") for name in ("jo", "other"))
        assert (await recognise(company, jo)).employee_id == "3"
        assert (await recognise(company, other)).employee_id is None

    @pytest.mark.parametrize("email", [None, "nobody.knows@example.com"])
    @ONE_ENGINE
    async def test_somebody_hr_does_not_know_is_kept_without_a_level(
        self, company: Company, sandbox: Sandbox, email: str | None
    ) -> None:
        new = sandbox.add_user("new", "New Comer", email=email, tz="Asia/Tokyo")
        person = await recognise(company, new)
        assert (person.level, person.name, person.time_zone) == (None, "New Comer", "Asia/Tokyo")
        assert person.reporting_path == f"/{person.id}/"

    @pytest.mark.parametrize("flags", [{"is_bot": True}, {"deleted": True}])
    @ONE_ENGINE
    async def test_bots_and_deactivated_accounts_are_nobody(
        self, company: Company, sandbox: Sandbox, known: Known, flags: dict[str, bool]
    ) -> None:
        account = sandbox.workspace.add_user("x", "X", email="jo@example.com", **flags)
        with pytest.raises(UserFacingError, match="unknown_person"):
            await recognise(company, account)
        assert await known() == {}

    @ONE_ENGINE
    async def test_guests_are_nobody(self, company: Company, known: Known) -> None:
        guest = Profile("", "Guest", "jo@example.com", "UTC", False, can_take_part=False)
        runtime = replace(company.runtime, slack=SlackThatSays(guest))
        with pytest.raises(UserFacingError, match="unknown_person"):
            await service.recognise(runtime, company.sandbox.workspace.team_id, "U999")
        assert await known() == {}

    @ONE_ENGINE
    async def test_a_leaver_is_nobody_also_when_linked_before(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv
    ) -> None:
        await import_csv(STAFF)
        jo = sandbox.add_user("jo", email="jo@example.com")
        await recognise(company, jo)
        await import_csv("id,level,left\n3,1,yes\n")
        with pytest.raises(UserFacingError, match="unknown_person"):
            await recognise(company, jo)

    @ONE_ENGINE
    async def test_somebody_slack_does_not_know_is_told_to_try_again(
        self, company: Company, known: Known
    ) -> None:
        with pytest.raises(UserFacingError, match="slack_unavailable"):
            await recognise(company, "U404")
        assert await known() == {}

    @ONE_ENGINE
    async def test_another_workspace_is_unknown(self, company: Company) -> None:
        with pytest.raises(UserFacingError, match="unknown_workspace"):
            await service.recognise(company.runtime, "T404", "U1")

    async def test_two_first_commands_at_once_are_one_person(
        self, company: Company, sandbox: Sandbox, known: Known
    ) -> None:
        new = sandbox.add_user("new", email="new@example.com")
        found = await asyncio.gather(*(recognise(company, new) for _ in range(5)))
        assert len({person.id for person in found}) == 1
        assert list(await known()) == [new]


class TestWithWorkspaceRights:
    @ONE_ENGINE
    async def test_asks_slack_each_time(self, company: Company, sandbox: Sandbox) -> None:
        person = await company.person("Robin Vega", is_admin=True)
        caller = await service.with_workspace_rights(company.runtime, person)
        assert caller.is_workspace_admin
        sandbox.workspace.user(person.slack_user_id or "").is_admin = False
        caller = await service.with_workspace_rights(company.runtime, person)
        assert not caller.is_workspace_admin


class TestImportPeople:
    async def test_brings_everybody_in_with_their_reporting_lines(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        assert await import_csv(STAFF) == Imported(3, 0, 0, paused_pairs=0)
        people = await known()
        jo, mid, boss = people["3"], people["2"], people["1"]
        assert (jo.name, jo.email, jo.level) == ("Jo Young", "jo@example.com", 1)
        assert (jo.department, jo.title, jo.time_zone) == ("Care", "Agent", "Europe/London")
        assert jo.reporting_path == f"/{boss.id}/{mid.id}/{jo.id}/"
        assert boss.reporting_path == f"/{boss.id}/"

    @ONE_ENGINE
    async def test_a_manager_on_a_later_line_is_found(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv("id,level,manager\n3,1,2\n2,3,1\n1,6,\n")
        people = await known()
        assert in_line(people["3"].reporting_path, people["1"].reporting_path)

    async def test_twice_changes_nothing(self, import_csv: ImportCsv, known: Known) -> None:
        await import_csv(STAFF)
        before = {key: vars(person).copy() for key, person in (await known()).items()}
        assert await import_csv(STAFF) == Imported(0, 0, 3, paused_pairs=0)
        after = {key: vars(person).copy() for key, person in (await known()).items()}
        for facts in (*before.values(), *after.values()):
            del facts["_sa_instance_state"]
        assert after == before

    @ONE_ENGINE
    async def test_columns_that_are_not_in_the_file_are_left_alone(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv(STAFF)
        before = (await known())["3"]
        assert await import_csv("id,level\n3,2\n") == Imported(0, 1, 0, paused_pairs=0)
        after = (await known())["3"]
        assert after.level == 2
        for name in ("name", "email", "department", "title", "time_zone", "manager_id", "active"):
            assert getattr(after, name) == getattr(before, name), name
        assert after.reporting_path == before.reporting_path

    @ONE_ENGINE
    async def test_people_who_are_not_in_the_file_are_left_alone(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv(STAFF)
        assert await import_csv("id,level\n4,2\n") == Imported(1, 0, 0, paused_pairs=0)
        people = await known()
        assert (people["1"].level, people["1"].active) == (6, True)

    @ONE_ENGINE
    async def test_a_manager_of_an_earlier_file_is_looked_up(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv(STAFF)
        await import_csv("id,level,manager\n4,1,2\n")
        people = await known()
        assert people["4"].manager_id == people["2"].id
        assert in_line(people["4"].reporting_path, people["1"].reporting_path)

    @ONE_ENGINE
    async def test_a_manager_nobody_knows_leaves_the_one_there_was(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv(STAFF)
        await import_csv("id,level,manager\n3,1,404\n")
        people = await known()
        assert people["3"].manager_id == people["2"].id

    async def test_a_manager_nobody_knows_is_not_somebody_whom_only_slack_knows(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv, known: Known
    ) -> None:
        await recognise(company, sandbox.add_user("robin", email="robin@example.com"))
        await import_csv("id,level,manager\n3,1,404\n")
        assert (await known())["3"].manager_id is None

    @ONE_ENGINE
    async def test_an_empty_manager_is_the_top(self, import_csv: ImportCsv, known: Known) -> None:
        await import_csv(STAFF)
        await import_csv("id,level,manager\n2,3,\n")
        people = await known()
        assert people["2"].manager_id is None
        assert not in_line(people["3"].reporting_path, people["1"].reporting_path)
        assert in_line(people["3"].reporting_path, people["2"].reporting_path)

    async def test_a_circle_over_two_files_keeps_everybody_in_it_in_one_line(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv("id,level,manager\n1,6,\n2,3,1\n3,1,2\n")
        await import_csv("id,level,manager\n1,6,3\n")
        paths = [person.reporting_path for person in (await known()).values()]
        assert all(in_line(one, other) for one in paths for other in paths)

    @ONE_ENGINE
    async def test_somebody_who_left_and_somebody_who_came_back(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv("id,level,left\n3,1,yes\n")
        assert not (await known())["3"].active
        await import_csv("id,level\n3,1\n")
        assert not (await known())["3"].active
        await import_csv("id,level,left\n3,1,no\n")
        assert (await known())["3"].active

    @ONE_ENGINE
    async def test_somebody_whom_slack_knew_first_is_found_by_email(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv, known: Known
    ) -> None:
        jo = sandbox.add_user("jo", email="jo@example.com")
        person = await recognise(company, jo)
        assert await import_csv(STAFF) == Imported(2, 1, 0, paused_pairs=0)
        assert (await known())["3"].id == person.id
        assert (await recognise(company, jo)).level == 1

    @ONE_ENGINE
    async def test_an_address_shared_in_the_file_is_not_whom_slack_knew_first(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv
    ) -> None:
        desk = sandbox.add_user("desk", email="desk@example.com")
        await recognise(company, desk)
        await import_csv("id,level,email\n1,6,desk@example.com\n2,1,desk@example.com\n")
        assert (await recognise(company, desk)).level is None

    async def test_an_address_that_comes_with_a_later_file_brings_both_halves_together(
        self, company: Company, sandbox: Sandbox, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv("id,level,manager\n1,6,\n3,1,1\n")
        jo = sandbox.add_user("jo", email="jo@example.com")
        half = await recognise(company, jo)
        await company.program(half)
        await import_csv("id,level,email\n3,1,jo@example.com\n")
        whole = await recognise(company, jo)
        assert (whole.employee_id, whole.level) == ("3", 1)
        assert set(await known()) == {"1", "3"}
        async with company.transaction() as session:
            managers = (await session.scalars(select(ProgramManager.person_id))).all()
        assert managers == [whole.id]

    @ONE_ENGINE
    async def test_is_for_the_operator(self, company: Company, known: Known) -> None:
        file = read_rows(STAFF.encode(), {})
        async with company.transaction() as session:
            for actor in set(Actor) - {Actor.OPERATOR}:
                with pytest.raises(UserFacingError, match="not_allowed"):
                    await hr_service.import_people(session, company.runtime, file, actor)
        assert await known() == {}

    async def test_an_error_on_the_way_leaves_nothing_half_written(
        self, company: Company, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv(STAFF)
        file = read_rows(STAFF.replace(",6,", ",5,").replace("3,Jo", "4,Jo").encode(), {})
        broken = [*file.rows[:-1], replace(file.rows[-1], name=None)]  # the column takes no NULL
        with pytest.raises(Exception, match=r"(?i)null"):
            async with company.transaction() as session:
                await hr_service.import_people(
                    session, company.runtime, replace(file, rows=tuple(broken)), Actor.OPERATOR
                )
        people = await known()
        assert set(people) == {"1", "2", "3"}
        assert people["1"].level == 6


class TestImportBeforeSlackIsConnected:
    async def test_the_first_start_adopts_the_people(
        self, settings: Settings, sandbox: Sandbox, clock: Clock
    ) -> None:
        async with open_runtime(settings, clock) as (runtime, _):
            async with runtime.database.transaction_across_workspaces() as session:
                workspace_id = await installations.only_workspace(session, None, clock.now)
            async with runtime.database.transaction(workspace_id) as session:
                file = read_rows(STAFF.encode(), {})
                await hr_service.import_people(session, runtime, file, Actor.OPERATOR)
        async with open_app(settings, clock) as app:
            team_id = app.identity.team_id
            assert await app.runtime.database.workspace_id(team_id) == workspace_id
            jo = sandbox.add_user("jo", email="jo@example.com")
            person = await service.recognise(app.runtime, team_id, jo)
        assert (person.employee_id, person.level) == ("3", 1)


class TestPairsAfterAnImport:
    """A living pair of Jo (3) and Lena (1), who are in two lines of the company."""

    STAFF = "id,level,manager,email\n1,6,,lena@example.com\n2,3,,max@example.com\n3,1,2,\n"

    @pytest.fixture
    async def pair(
        self, company: Company, import_csv: ImportCsv, known: Known, sandbox: Sandbox
    ) -> Pair:
        await import_csv(self.STAFF.replace("3,1,2,", "3,1,2,jo@example.com"))
        for name in ("lena", "max", "jo"):
            await recognise(company, sandbox.add_user(name, email=f"{name}@example.com"))
        people = await known()
        manager = await company.person("Robin Vega")
        program = await company.program(manager, level_gap=2)
        pair = await company.pair(program, people["3"], people["1"])
        assert await pairs.open_spaces(company.runtime) == 1
        return pair

    async def state(self, company: Company, pair: Pair) -> PairState:
        async with company.transaction() as session:
            return (await session.get_one(Pair, pair.id)).state

    @pytest.mark.parametrize(
        "news",
        [
            "id,level\n3,6\n",
            "id,level\n1,1\n",
            "id,level,manager\n2,3,1\n",
            "id,level,manager\n1,6,3\n",
            "id,level,manager\n1,6,2\n",
            "id,level\n3,5\n",
            "id,level,left\n3,1,yes\n",
            "id,level,left\n1,6,yes\n",
        ],
        ids=[
            "the mentor is promoted",
            "the mentee steps down",
            "the mentee leads the mentor's manager",
            "the mentor leads the mentee",
            "the two report to the same person",
            "the mentor is too near to the mentee",
            "the mentor leaves",
            "the mentee leaves",
        ],
    )
    async def test_a_pair_that_became_unsafe_is_paused(
        self, company: Company, import_csv: ImportCsv, pair: Pair, news: str
    ) -> None:
        imported = await import_csv(news)
        assert imported.paused_pairs == 1
        assert await self.state(company, pair) is PairState.PAUSED
        async with company.transaction() as session:
            due = (await session.scalars(select(Touchpoint.due_at))).all()
            kinds = (await session.scalars(select(Delivery.kind))).all()
        assert set(due) == {None}
        told = 1 if "left" in news else 2
        assert (kinds.count("pair_paused"), kinds.count("pair_decision")) == (told, 1)

    @ONE_ENGINE
    async def test_a_pair_that_is_still_safe_goes_on(
        self, company: Company, import_csv: ImportCsv, pair: Pair
    ) -> None:
        imported = await import_csv("id,level,manager\n3,4,2\n1,9,\n4,1,3\n")
        assert imported.paused_pairs == 0
        assert await self.state(company, pair) is PairState.ACTIVE

    @ONE_ENGINE
    async def test_a_wider_gap_for_new_pairs_stops_only_whom_the_records_move(
        self, company: Company, import_csv: ImportCsv, pair: Pair
    ) -> None:
        async with company.transaction() as session:
            (await session.get_one(Program, pair.program_id)).level_gap = 9
        assert (await import_csv("id,level,title\n3,1,Engineer\n2,4,\n")).paused_pairs == 0
        assert (await import_csv("id,level\n3,2\n")).paused_pairs == 1

    async def test_a_paused_pair_hears_no_more(
        self, company: Company, import_csv: ImportCsv, pair: Pair, clock: Clock, sandbox: Sandbox
    ) -> None:
        await import_csv("id,level\n3,6\n")
        await delivery.send_due(company.runtime)
        said = len(sandbox.calls)
        clock.forward(days=60)
        assert await cadence.queue_due(company.runtime) == 0
        assert await delivery.send_due(company.runtime) == 0
        assert len(sandbox.calls) == said

    @ONE_ENGINE
    async def test_importing_again_tells_nobody_twice(
        self, company: Company, import_csv: ImportCsv, pair: Pair, sandbox: Sandbox
    ) -> None:
        await import_csv("id,level\n3,6\n")
        await delivery.send_due(company.runtime)
        said = len(sandbox.calls)
        assert (await import_csv("id,level\n3,6\n")).paused_pairs == 0
        await delivery.send_due(company.runtime)
        assert len(sandbox.calls) == said
