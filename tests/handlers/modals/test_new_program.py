from datetime import date
from typing import Any

import pytest

from models import Program, ProgramManager, ProgramState
from tests.handlers.scene import Scene, on_one_engine

FILLED = {
    "name": "New Eyes",
    "purpose": "See <our> work & ways anew",
    "topics": ["inclusion", "generations"],
    "mentee_from_level": "5",
    "weeks": "8",
    "cadence": "fortnightly",
    "starts_on": "2026-01-12",
}


async def submit(scene: Scene, **changes: Any) -> dict[str, str]:
    await scene.command(scene.robin, "program new", scene.channel)
    return (await scene.robin.submit(FILLED | changes)).errors


class TestListen:
    async def test_the_program_is_what_was_asked_for(self, scene: Scene) -> None:
        assert await submit(scene, manager_slack_ids=[scene.lena.id]) == {}
        program = (await scene.rows(Program))[-1]
        assert (program.name, program.purpose) == ("New Eyes", "See <our> work & ways anew")
        assert program.topics == ["inclusion", "generations"]
        assert (program.mentee_from_level, program.weeks) == (5, 8)
        assert program.cadence.value == "fortnightly"
        assert program.starts_on == date(2026, 1, 12)
        assert program.admin_channel_id == scene.channel
        assert program.state is ProgramState.ENROLLING
        managers = [row.person_id for row in await scene.rows(ProgramManager)]
        assert sorted(managers[1:]) == [scene.manager.id, scene.leader.id]

    @on_one_engine
    async def test_the_opener_and_the_channel_are_told(self, scene: Scene) -> None:
        await submit(scene)
        [created] = await scene.told(scene.robin)
        assert "New Eyes" in created
        [announced] = await scene.in_channel(scene.robin, scene.channel)
        assert announced["text"] == scene.say("program.announcement_heading", program="New Eyes")
        assert "See &lt;our&gt; work &amp; ways anew" in str(announced["blocks"])

    async def test_a_name_in_use_is_said_beside_it_and_everything_typed_stays(
        self, scene: Scene
    ) -> None:
        errors = await submit(scene, name="Fresh Eyes")
        wanted = scene.label("errors.program_exists", program="Fresh Eyes")
        assert errors == {"name": wanted}
        assert await scene.count(Program) == 1
        assert scene.robin.modal is not None
        values = scene.robin.modal["state"]["values"]
        assert values["purpose"]["value"]["value"] == FILLED["purpose"]
        assert (await scene.robin.submit({"name": "Mended"})).errors == {}
        assert (await scene.rows(Program))[-1].purpose == FILLED["purpose"]

    @on_one_engine
    async def test_a_field_that_is_wrong_has_its_sentence_beside_it(self, scene: Scene) -> None:
        for field, value, key in (
            ("name", "   ", "name_missing"),
            ("purpose", "\n \n", "purpose_missing"),
            ("starts_on", "2026-01-04", "start_in_past"),
        ):
            assert await submit(scene, **{field: value}) == {field: scene.label(f"errors.{key}")}
        assert await scene.count(Program) == 1

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
        bounds = {"weeks": (1, 52), "mentee_from_level": (2, 100)}
        for field, (least, most) in bounds.items():
            sentence = scene.label("errors.out_of_range", least=least, most=most)
            for value in (str(least - 1), str(most + 1), "-5", "٦", "12.5", "", "9" * 50):
                answer = await scene.sandbox.send("interaction", _submission(scene, field, value))
                assert answer == {"response_action": "errors", "errors": {field: sentence}}, value

    @on_one_engine
    @pytest.mark.parametrize("account", [{"is_bot": True}, {"deleted": True}])
    async def test_somebody_who_cannot_run_it_is_said_beside_the_field(
        self, scene: Scene, account: dict[str, Any]
    ) -> None:
        robot = scene.sandbox.add_user("robot", "Robot", **account)
        errors = await submit(scene, manager_slack_ids=[scene.lena.id, robot])
        assert errors == {"manager_slack_ids": scene.label("errors.manager_unknown")}
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
        lena.is_admin = False
        channel = scene.sandbox.add_channel("lenas", [lena.id], app=True)
        await scene.lena.submit(FILLED | {"admin_channel_id": channel})
        assert scene.lena.modal is not None
        assert scene.say("errors.not_allowed") in str(scene.lena.modal["blocks"])
        assert await scene.count(Program) == 1


def _submission(scene: Scene, field: str, value: str) -> dict[str, Any]:
    assert scene.robin.modal is not None
    view = scene.robin.modal
    state = {
        "name": {"value": "New Eyes"},
        "purpose": {"value": "Learn"},
        "topics": {"selected_options": [{"value": "inclusion"}]},
        "mentee_from_level": {"value": "5"},
        "weeks": {"value": "8"},
        "cadence": {"selected_option": {"value": "weekly"}},
        "starts_on": {"selected_date": "2026-01-12"},
        "admin_channel_id": {"selected_conversation": scene.channel},
        "manager_slack_ids": {"selected_users": []},
        field: {"value": value},
    }
    values = {name: {"value": entry} for name, entry in state.items()}
    return {
        "type": "view_submission",
        "team": {"id": scene.sandbox.workspace.team_id},
        "user": {"id": scene.robin.id},
        "api_app_id": scene.sandbox.workspace.app_id,
        "view": {**view, "state": {"values": values}},
    }
