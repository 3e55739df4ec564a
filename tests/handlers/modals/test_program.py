import asyncio
import copy
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete

from handlers.modals.program import MOST_NEW
from models import (
    Audience,
    Cadence,
    Delivery,
    Invitation,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Space,
    Sponsor,
)
from prompts.library import Mrkdwn
from sandbox.forms import current
from tests.applications import manager
from tests.handlers.scene import Scene, on_one_engine

FILLED: dict[str, Any] = {
    "name": "New Eyes",
    "purpose": "See <our> work & ways anew",
    "topics": ["inclusion", "generations"],
    "mentee_from_level": "5",
    "weeks": "8",
    "cadence": "fortnightly",
    "starts_on": "2026-01-12",
    "join_by": "2026-01-09",
}


async def submit(scene: Scene, **changes: Any) -> dict[str, str]:
    """A new program's form, from the first template."""
    await scene.command(scene.robin, "program new", scene.channel)
    assert (await scene.robin.submit({})).errors == {}
    return (await scene.robin.submit(FILLED | changes)).errors


async def edit(scene: Scene, **changes: Any) -> dict[str, str]:
    await scene.command(scene.robin, "program edit", scene.channel)
    return (await scene.robin.submit(changes)).errors


def submission(scene: Scene, **changes: Any) -> dict[str, Any]:
    """The open form as Slack sends it, with contents that its client would not let through."""
    view = copy.deepcopy(scene.robin.modal)
    assert view is not None
    values = current(view["blocks"], view["state"]["values"], {})
    view["state"]["values"] = values | {name: {"value": one} for name, one in changes.items()}
    return {
        "type": "view_submission",
        "team": {"id": scene.sandbox.workspace.team_id},
        "user": {"id": scene.robin.id},
        "view": view,
    }


class TestNew:
    async def test_the_draft_is_what_was_asked_for(self, scene: Scene) -> None:
        await scene.company.person(department="Design")
        errors = await submit(
            scene,
            level_gap="2",
            hour="15",
            audience="invited",
            departments=["Design"],
            lowest_level="1",
            highest_level="9",
            invited_slack_ids=[scene.jo.id],
            seats="20",
            mentor_capacity="2",
            mentee_capacity="3",
            vetted=["yes"],
            training_required=["yes"],
            asks_participants=["yes"],
            approvals_needed="2",
            feedback_group_size="7",
            space="group_dm",
            manager_slack_ids=[scene.robin.id, scene.lena.id],
            sponsor_slack_ids=[scene.lena.id],
            support_contact_slack_id=[scene.jo.id],
        )
        assert errors == {}
        program = (await scene.rows(Program))[-1]
        assert program.state is ProgramState.DRAFT
        assert (program.name, program.purpose) == ("New Eyes", "See <our> work & ways anew")
        assert program.topics == ["inclusion", "generations"]
        assert (program.mentee_from_level, program.weeks, program.level_gap) == (5, 8, 2)
        assert (program.cadence, program.hour) == (Cadence.FORTNIGHTLY, 15)
        assert (program.starts_on, program.join_by) == (date(2026, 1, 12), date(2026, 1, 9))
        assert program.admin_channel_id == scene.channel
        assert (program.audience, program.departments) == (Audience.INVITED, ["Design"])
        assert (program.lowest_level, program.highest_level, program.seats) == (1, 9, 20)
        assert (program.mentor_capacity, program.mentee_capacity) == (2, 3)
        assert (program.vetted, program.training_required) == (True, True)
        assert (program.approvals_needed, program.feedback_group_size) == (2, 7)
        assert (program.asks_participants, program.support_contact_id) == (True, scene.junior.id)
        assert (program.space, program.language) == (Space.GROUP_DM, "en")
        assert program.weights == {}
        managers = [row.person_id for row in await scene.rows(ProgramManager)]
        assert sorted(managers[1:]) == [scene.manager.id, scene.leader.id]
        [sponsor] = await scene.rows(Sponsor)
        [invited] = await scene.rows(Invitation)
        assert (sponsor.person_id, invited.person_id) == (scene.leader.id, scene.junior.id)

    async def test_nobody_hears_of_it_before_it_is_launched(self, scene: Scene) -> None:
        await submit(scene, invited_slack_ids=[scene.jo.id])
        assert scene.robin.modal is not None
        assert scene.robin.modal["callback_id"] == "launch"
        await scene.robin.close()
        assert await scene.count(Delivery) == 0

    async def test_a_name_in_use_is_said_beside_it_and_everything_typed_stays(
        self, scene: Scene
    ) -> None:
        errors = await submit(scene, name="Fresh Eyes", seats="12")
        assert errors == {"name": scene.label("errors.program_exists", program="Fresh Eyes")}
        assert await scene.count(Program) == 1
        assert scene.robin.modal is not None
        values = scene.robin.modal["state"]["values"]
        assert values["purpose"]["value"]["value"] == FILLED["purpose"]
        assert (await scene.robin.submit({"name": "Mended"})).errors == {}
        program = (await scene.rows(Program))[-1]
        assert (program.purpose, program.seats) == (FILLED["purpose"], 12)

    async def test_sent_twice_at_once_it_is_one_program(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program new", scene.channel)
        await scene.robin.submit({})
        sent = submission(scene, name={"value": "Twice"})
        answers = await asyncio.gather(*(scene.sandbox.send("interaction", sent) for _ in range(2)))
        assert sorted(answer["response_action"] for answer in answers) != ["update", "update"]
        assert await scene.count(Program) == 2

    @pytest.mark.parametrize(
        ("field", "value", "key", "values"),
        [
            ("name", "   ", "name_missing", {}),
            ("purpose", "\n \n", "purpose_missing", {}),
            ("starts_on", "2026-01-04", "start_in_past", {}),
            ("join_by", "2026-01-04", "join_by_in_past", {}),
            ("join_by", "2026-01-13", "join_by_after_start", {"start": "12 January 2026"}),
            ("lowest_level", "5", "nobody_could_mentor", {"level": 5}),
            ("highest_level", "4", "nobody_could_be_mentee", {"level": 5}),
            ("approvals_needed", "3", "too_few_managers", {"managers": 1}),
        ],
    )
    @on_one_engine
    async def test_a_field_that_is_wrong_has_its_sentence_beside_it(
        self, scene: Scene, field: str, value: str, key: str, values: dict[str, Any]
    ) -> None:
        sentence = scene.label(f"errors.{key}", **values)
        assert await submit(scene, **{field: value}) == {field: sentence}
        assert await scene.count(Program) == 1

    @on_one_engine
    async def test_only_the_invited_may_join_and_there_is_none(self, scene: Scene) -> None:
        errors = await submit(scene, audience="invited")
        assert errors == {"invited_slack_ids": scene.label("errors.nobody_invited")}

    @on_one_engine
    @pytest.mark.parametrize("private", [True, False])
    async def test_a_channel_the_app_is_not_in_is_said_beside_the_field(
        self, scene: Scene, private: bool
    ) -> None:
        elsewhere = scene.sandbox.add_channel("elsewhere", [scene.robin.id], private=private)
        sentence = scene.label("errors.channel_not_reachable")
        assert await submit(scene, admin_channel_id=elsewhere) == {"admin_channel_id": sentence}
        assert await scene.count(Program) == 1

    @on_one_engine
    async def test_a_number_that_slacks_client_should_not_have_let_through(
        self, scene: Scene
    ) -> None:
        """Checked again: other clients, and older forms, may send anything."""
        await scene.command(scene.robin, "program new", scene.channel)
        await scene.robin.submit({})
        bounds = {"weeks": (1, 52), "mentee_from_level": (2, 100), "seats": (2, 100_000)}
        for field, (least, most) in bounds.items():
            sentence = scene.label("errors.out_of_range", least=least, most=most)
            for value in (str(least - 1), str(most + 1), "-5", "٦", "12.5", "9" * 50):
                sent = submission(scene, **{field: {"value": value}})
                answer = await scene.sandbox.send("interaction", sent)
                assert answer == {"response_action": "errors", "errors": {field: sentence}}, value

    @on_one_engine
    @pytest.mark.parametrize("account", [{"is_bot": True}, {"deleted": True}])
    @pytest.mark.parametrize(
        ("field", "key"),
        [
            ("manager_slack_ids", "manager_unknown"),
            ("sponsor_slack_ids", "sponsor_unknown"),
            ("invited_slack_ids", "invited_unknown"),
            ("support_contact_slack_id", "support_contact_unknown"),
        ],
    )
    async def test_somebody_who_cannot_take_part_is_said_beside_the_field(
        self, scene: Scene, account: dict[str, Any], field: str, key: str
    ) -> None:
        robot = scene.sandbox.add_user("robot", "Robot", **account)
        chosen = [robot] if field == "support_contact_slack_id" else [scene.lena.id, robot]
        errors = await submit(scene, **{field: chosen})
        assert errors == {field: scene.label(f"errors.{key}")}
        assert await scene.count(Program) == 1

    @on_one_engine
    async def test_the_same_person_twice_is_one_manager(self, scene: Scene) -> None:
        assert await submit(scene, manager_slack_ids=[scene.robin.id, scene.robin.id]) == {}
        assert await scene.count(ProgramManager) == 2

    @on_one_engine
    async def test_who_is_no_admin_any_more_cannot_submit(self, scene: Scene) -> None:
        lena = scene.sandbox.workspace.user(scene.lena.id)
        lena.is_admin = True
        await scene.command(scene.lena, "program new")
        await scene.lena.submit({})
        lena.is_admin = False
        channel = scene.sandbox.add_channel("lenas", [lena.id], app=True)
        await scene.lena.submit(FILLED | {"admin_channel_id": channel})
        assert scene.lena.modal is not None
        assert scene.say("errors.not_allowed") in str(scene.lena.modal["blocks"])
        assert await scene.count(Program) == 1


class TestEdit:
    async def test_only_what_was_changed_is_changed(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program edit", scene.channel)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).hour = 8
        assert (await scene.robin.submit({"seats": "20", "vetted": ["yes"]})).errors == {}
        assert scene.robin.modal is None
        [program] = await scene.rows(Program)
        assert (program.seats, program.vetted, program.hour) == (20, True, 8)
        assert (program.name, program.join_by) == ("Fresh Eyes", None)

    async def test_the_invited_of_a_launched_program_are_asked(self, scene: Scene) -> None:
        assert await edit(scene, audience="invited", invited_slack_ids=[scene.jo.id]) == {}
        [told] = await scene.told(scene.jo)
        assert told == scene.say("program.invitation", program="Fresh Eyes")
        message = scene.jo.messages(scene.jo.direct())[-1]
        await scene.jo.click(message, "join")
        assert scene.jo.modal is not None

    @on_one_engine
    async def test_what_was_fixed_since_the_form_was_opened_is_refused(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program edit", scene.channel)
        async with scene.company.transaction() as session:
            program = await session.get_one(Program, scene.program.id)
            program.state = ProgramState.RUNNING
        errors = (await scene.robin.submit({"weeks": "20"})).errors
        assert errors == {"weeks": scene.label("errors.setting_fixed")}
        assert (await scene.robin.submit({"weeks": "12", "seats": "40"})).errors == {}
        [program] = await scene.rows(Program)
        assert (program.weeks, program.seats) == (12, 40)

    @on_one_engine
    async def test_a_stale_form_of_a_program_that_closed(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program edit", scene.channel)
        async with scene.company.transaction() as session:
            program = await session.get_one(Program, scene.program.id)
            program.state = ProgramState.CLOSED
        assert (await scene.robin.submit({"purpose": "Late"})).errors == {}
        assert scene.robin.modal is not None
        sentence = scene.say("errors.program_is_closed", program="Fresh Eyes")
        assert sentence in str(scene.robin.modal["blocks"])

    async def test_who_is_taken_out_of_those_who_run_it_hears_of_it(self, scene: Scene) -> None:
        kim, al = [await manager(scene.company, scene.program, name) for name in ("Kim", "Al")]
        staying = [scene.robin.id, al.slack_user_id]
        assert await edit(scene, manager_slack_ids=staying) == {}
        who = Mrkdwn(f"<@{scene.robin.id}>")
        said = scene.say("program.manager_removed", program="Fresh Eyes", who=who)
        assert await scene.told(scene.company.member(kim)) == [said]
        assert await edit(scene, manager_slack_ids=[al.slack_user_id]) == {}
        for one in (scene.robin, scene.company.member(al)):
            assert await scene.told(one) == []

    @on_one_engine
    async def test_of_people_whom_nobody_knows_yet_only_so_many_come_in_at_a_time(
        self, scene: Scene
    ) -> None:
        known = [await scene.company.person() for _ in range(MOST_NEW)]
        invited = [person.slack_user_id for person in known]
        new = [scene.sandbox.add_user(f"new{n}", f"New {n}") for n in range(MOST_NEW + 1)]
        errors = await edit(scene, audience="invited", invited_slack_ids=[*invited, *new])
        assert errors == {"invited_slack_ids": scene.label("errors.too_many_new", most=MOST_NEW)}
        assert await scene.count(Invitation) == 0
        first = [*invited, *new[:MOST_NEW]]
        assert (await scene.robin.submit({"invited_slack_ids": first})).errors == {}
        assert await scene.count(Invitation) == 2 * MOST_NEW
        assert await edit(scene, invited_slack_ids=[*invited, *new]) == {}
        assert await scene.count(Invitation) == 2 * MOST_NEW + 1

    @on_one_engine
    async def test_who_runs_it_no_more_adds_nobody(self, scene: Scene) -> None:
        new = scene.sandbox.add_user("new", "New")
        await scene.company.program(scene.junior, scene.leader, name="Jo's")
        await scene.command(scene.jo, "program edit")
        before = await scene.count(Person)
        async with scene.company.transaction() as session:
            await session.execute(
                delete(ProgramManager).where(ProgramManager.person_id == scene.junior.id)
            )
        await scene.jo.submit({"sponsor_slack_ids": [new]})
        assert scene.jo.modal is not None
        assert scene.say("errors.not_allowed") in str(scene.jo.modal["blocks"])
        assert await scene.count(Person) == before

    @on_one_engine
    async def test_who_runs_it_no_more_cannot_submit(self, scene: Scene) -> None:
        await scene.company.program(scene.junior, scene.leader, name="Jo's")
        await scene.command(scene.jo, "program edit")
        async with scene.company.transaction() as session:
            await session.execute(
                delete(ProgramManager).where(ProgramManager.person_id == scene.junior.id)
            )
        await scene.jo.submit({"purpose": "Mine"})
        assert scene.jo.modal is not None
        assert scene.say("errors.not_allowed") in str(scene.jo.modal["blocks"])
