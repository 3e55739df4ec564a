from models import Enrollment, EnrollmentState, Pair, PairState
from tests.handlers.scene import Json, Scene, on_one_engine, texts

LEFT, ENROLLED = EnrollmentState.LEFT, EnrollmentState.ENROLLED


def notice(scene: Scene) -> Json:
    assert scene.jo.modal is not None
    return scene.jo.modal


class TestListen:
    async def test_takes_one_out_and_says_how_to_come_back(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "leave")
        assert (await scene.jo.submit()).errors == {}
        assert texts(notice(scene)) == [
            scene.say("leave.done", program="Fresh Eyes"),
            scene.say("leave.join_again"),
        ]
        assert [one.state for one in await scene.rows(Enrollment)] == [ENROLLED, LEFT]

    @on_one_engine
    async def test_ends_the_pair_and_names_nobody_as_the_reason(self, scene: Scene) -> None:
        await scene.enrol_all()
        opened = await scene.open_pair()
        before = len(scene.lena.messages(opened.channel_id))
        await scene.command(scene.jo, "leave")
        await scene.jo.submit()
        [pair] = await scene.rows(Pair)
        assert pair.state is PairState.ENDED
        told = await scene.told(scene.lena)
        assert len(told) == 1
        said = [*told, str((await scene.in_channel(scene.lena, pair.channel_id))[before:])]
        assert not any(word in text for text in said for word in (scene.jo.id, "left", "Jo Young"))

    @on_one_engine
    async def test_of_several_programs_the_one_chosen(self, scene: Scene) -> None:
        await scene.enrol_all()
        other = await scene.company.program(scene.manager, name="Other")
        await scene.company.enrol(other, scene.junior)
        await scene.command(scene.jo, "leave")
        await scene.jo.submit({"program": str(other.id)})
        states = {one.program_id: one.state for one in await scene.rows(Enrollment)}
        assert states == {scene.program.id: ENROLLED, other.id: LEFT}

    @on_one_engine
    async def test_without_a_choice(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "leave")
        state = {"program": {"value": {"type": "radio_buttons", "selected_option": None}}}
        workspace = scene.sandbox.workspace
        answer = await scene.sandbox.send(
            "interaction",
            {
                "type": "view_submission",
                "team": {"id": workspace.team_id},
                "user": {"id": scene.jo.id},
                "api_app_id": workspace.app_id,
                "view": notice(scene) | {"state": {"values": state}},
            },
        )
        sentence = scene.label("errors.leave_which")
        assert answer == {"response_action": "errors", "errors": {"program": sentence}}

    @on_one_engine
    async def test_twice(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "leave")
        [row] = [one for one in await scene.rows(Enrollment) if one.role.value == "mentor"]
        async with scene.company.transaction() as session:
            (await session.get_one(Enrollment, row.id)).state = LEFT
        await scene.jo.submit()
        assert scene.say("errors.nothing_to_leave") in str(notice(scene)["blocks"])
