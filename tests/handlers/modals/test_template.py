from datetime import timedelta

from models import Program, ProgramState
from tests.conftest import Clock
from tests.handlers.commands.test_program import elements
from tests.handlers.scene import Scene, on_one_engine


class TestListen:
    async def test_each_template_can_be_launched_as_it_is(self, scene: Scene, clock: Clock) -> None:
        for template in scene.runtime.library.templates.values():
            await scene.command(scene.robin, "program new", scene.channel)
            for values in ({"template": template.id}, {}, {}):
                assert (await scene.robin.submit(values)).errors == {}
            assert scene.robin.modal is None
            program = (await scene.rows(Program))[-1]
            assert (program.name, program.state) == (template.name, ProgramState.ENROLLING)
            assert tuple(program.topics) == template.topics
            assert program.admin_channel_id == scene.channel
            for name, value in template.settings.items():
                assert getattr(program, name) == value, (template.id, name)
            assert program.weights == template.weights
            assert program.join_by is not None
            assert clock().date() < program.join_by < program.starts_on - timedelta(days=2)

    @on_one_engine
    async def test_the_form_begins_where_the_command_was_typed(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program new", scene.channel)
        await scene.robin.submit({"template": "retention"})
        fields = elements(scene.robin)
        assert fields["admin_channel_id"]["initial_conversation"] == scene.channel
        assert fields["starts_on"]["initial_date"] == "2026-01-19"
        assert fields["manager_slack_ids"]["initial_users"] == [scene.robin.id]

    @on_one_engine
    async def test_a_direct_message_is_not_proposed_as_the_admin_channel(
        self, scene: Scene
    ) -> None:
        await scene.command(scene.robin, "program new")
        await scene.robin.submit({})
        assert "initial_conversation" not in elements(scene.robin)["admin_channel_id"]

    @on_one_engine
    async def test_a_template_that_is_gone_meanwhile(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program new", scene.channel)
        view = scene.robin.modal
        assert view is not None
        view["state"]["values"] = {
            "template": {"value": {"selected_option": {"value": "of-yesterday"}}}
        }
        payload = {
            "type": "view_submission",
            "team": {"id": scene.sandbox.workspace.team_id},
            "user": {"id": scene.robin.id},
            "view": view,
        }
        answer = await scene.sandbox.send("interaction", payload)
        assert scene.say("errors.template_gone") in str(answer["view"])
