from models import ProgramState
from tests.handlers.scene import Scene, is_private, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_a_junior_is_asked_what_to_offer(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        modal = scene.jo.modal
        assert modal is not None
        assert texts(modal)[0] == scene.say("join.intro_mentor", program="Fresh Eyes")
        assert modal["submit"]["text"] == scene.label("join.submit")

    async def test_a_leader_is_asked_what_to_learn(self, scene: Scene) -> None:
        await scene.command(scene.lena, "join")
        assert scene.lena.modal is not None
        assert texts(scene.lena.modal)[0] == scene.say("join.intro_mentee", program="Fresh Eyes")

    async def test_who_has_joined_sees_the_topics_chosen_before(self, scene: Scene) -> None:
        await scene.company.enrol(scene.program, scene.junior, ["social-media"])
        await scene.command(scene.jo, "join")
        modal = scene.jo.modal
        assert modal is not None
        chosen = modal["blocks"][1]["element"]["initial_options"]
        assert [option["value"] for option in chosen] == ["social-media"]
        assert modal["submit"]["text"] == scene.label("join.update_submit")

    async def test_the_newest_program_is_the_one(self, scene: Scene) -> None:
        await scene.company.program(scene.manager, name="Newer")
        await scene.command(scene.jo, "join")
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal)[0] == scene.say("join.intro_mentor", program="Newer")

    async def test_no_program_is_open(self, scene: Scene) -> None:
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            scene.program.state = ProgramState.CLOSED
            await session.merge(scene.program)
        answer = await scene.command(scene.jo, "join")
        assert is_private(answer)
        assert answer.text == scene.say("errors.no_program_open")
        assert scene.jo.modal is None

    async def test_a_level_that_hr_does_not_say(self, scene: Scene) -> None:
        new = await scene.company.person("New Here", level=None)
        answer = await scene.command(scene.company.member(new), "join")
        assert answer.text == scene.say("errors.unknown_person_level")

    async def test_somebody_hr_has_never_heard_of(self, scene: Scene) -> None:
        guest = scene.sandbox.member(scene.sandbox.add_user("nn", "Nobody Known", email="n@x.org"))
        answer = await scene.command(guest, "join")
        assert answer.text == scene.say("errors.unknown_person_level")
