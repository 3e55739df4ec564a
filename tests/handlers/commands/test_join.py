from datetime import date

from models import EnrollmentState, Program, ProgramState
from sandbox.client import Member
from tests.handlers.scene import Json, Scene, is_private, on_one_engine, texts

pytestmark = on_one_engine


def shown(member: Member) -> Json:
    assert member.modal is not None
    return member.modal


def chosen(modal: Json, block_id: str) -> list[str]:
    [block] = [block for block in modal["blocks"] if block.get("block_id") == block_id]
    return [option["value"] for option in block["element"].get("initial_options", [])]


async def change_program(scene: Scene, **settings: object) -> None:
    async with scene.company.transaction() as session:
        program = await session.get_one(Program, scene.program.id)
        for name, value in settings.items():
            setattr(program, name, value)


class TestListen:
    async def test_a_junior_is_asked_what_to_offer(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        modal = shown(scene.jo)
        assert texts(modal)[0] == scene.say("join.intro_offered", program="Fresh Eyes")
        assert modal["submit"]["text"] == scene.label("join.submit")

    async def test_a_leader_is_asked_what_to_learn(self, scene: Scene) -> None:
        await scene.command(scene.lena, "join")
        assert texts(shown(scene.lena))[0] == scene.say("join.intro_wanted", program="Fresh Eyes")

    async def test_who_has_joined_sees_their_answers(self, scene: Scene) -> None:
        await scene.company.enrol(
            scene.program, scene.junior, ["social-media"], refused_topics=["digital-tools"]
        )
        await scene.command(scene.jo, "join")
        modal = shown(scene.jo)
        assert chosen(modal, "topics") == ["social-media"]
        assert chosen(modal, "refused_topics") == ["digital-tools"]
        assert modal["submit"]["text"] == scene.label("join.update_submit")

    async def test_several_programs_are_offered_with_a_button_each(self, scene: Scene) -> None:
        await scene.company.enrol(scene.program, scene.junior)
        newer = await scene.company.program(scene.manager, name="Newer")
        answer = await scene.command(scene.jo, "join")
        assert is_private(answer)
        assert texts(answer.body) == [scene.say("join.choose"), "*Newer*", "*Fresh Eyes*"]
        assert answer.message is not None
        await scene.jo.click(answer.message, "join", str(newer.id))
        assert texts(shown(scene.jo))[0] == scene.say("join.intro_offered", program="Newer")

    async def test_no_program_is_open(self, scene: Scene) -> None:
        await change_program(scene, state=ProgramState.CLOSED)
        answer = await scene.command(scene.jo, "join")
        assert is_private(answer)
        assert answer.text == scene.say("errors.no_program_open")
        assert scene.jo.modal is None

    async def test_the_only_program_is_for_others_and_who_can_help_is_named(
        self, scene: Scene
    ) -> None:
        await change_program(scene, departments=["IT"])
        answer = await scene.command(scene.jo, "join")
        assert f"<@{scene.robin.id}>" in answer.text
        assert answer.text.startswith("*Fresh Eyes* is for other departments")

    async def test_whom_a_manager_declined_reads_what_they_can_do(self, scene: Scene) -> None:
        await scene.company.enrol(scene.program, scene.junior, state=EnrollmentState.DECLINED)
        answer = await scene.command(scene.jo, "join")
        assert f"<@{scene.robin.id}>" in answer.text

    async def test_answers_can_be_changed_after_the_last_day(self, scene: Scene) -> None:
        await scene.company.enrol(scene.program, scene.junior)
        await change_program(scene, join_by=date(2026, 1, 2), state=ProgramState.MATCHING)
        await scene.command(scene.jo, "join")
        assert shown(scene.jo)["callback_id"] == "join"
        assert (await scene.command(scene.lena, "join")).text == scene.say("errors.no_program_open")

    async def test_a_level_that_hr_does_not_say_is_asked_for(self, scene: Scene) -> None:
        new = await scene.company.person("New Here", level=None)
        member = scene.company.member(new)
        await scene.command(member, "join")
        names = {block.get("block_id") for block in shown(member)["blocks"]}
        assert {"stated_level", "stated_manager"} <= names

    async def test_and_so_is_that_of_somebody_hr_has_never_heard_of(self, scene: Scene) -> None:
        guest = scene.sandbox.member(scene.sandbox.add_user("nn", "Nobody Known", email="n@x.org"))
        await scene.command(guest, "join")
        assert texts(shown(guest))[0] == scene.say("join.intro_either", program="Fresh Eyes")
