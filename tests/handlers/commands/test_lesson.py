from models import EnrollmentState, ProgramState
from tests.applications import apply, change, reread
from tests.handlers.scene import Scene, is_private, on_one_engine, texts


class TestListen:
    async def test_is_read_card_by_card_to_its_end(self, scene: Scene) -> None:
        enrolled = await apply(
            scene.company, scene.program, scene.junior, state=EnrollmentState.ENROLLED
        )
        await scene.command(scene.jo, "lesson")
        cards = scene.runtime.library.lessons["mentor"]
        for number, card in enumerate(cards, 1):
            assert scene.jo.modal is not None
            said = texts(scene.jo.modal)
            assert said[0] == scene.say("lesson.place", number=number, count=len(cards))
            assert card.text in said
            submit = "lesson.done_submit" if number == len(cards) else "lesson.next_submit"
            assert scene.jo.modal["submit"]["text"] == scene.label(submit)
            await scene.jo.submit()
        assert scene.jo.modal is not None
        assert scene.say("lesson.done", program=scene.program.name) in texts(scene.jo.modal)
        assert (await reread(scene.company, enrolled)).lesson_done_at == scene.runtime.clock()

    @on_one_engine
    async def test_each_role_has_its_own(self, scene: Scene) -> None:
        await scene.enrol_all()
        seen = []
        for member in (scene.jo, scene.lena):
            await scene.command(member, "lesson")
            assert member.modal is not None
            seen.append(texts(member.modal)[1])
        lessons = scene.runtime.library.lessons
        assert seen == [lessons["mentor"][0].heading, lessons["mentee"][0].heading]

    @on_one_engine
    async def test_closed_and_opened_again_it_goes_on(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "lesson")
        await scene.jo.submit()
        await scene.jo.close()
        await scene.command(scene.jo, "lesson")
        assert scene.jo.modal is not None
        assert scene.say("lesson.place", number=2, count=5) in texts(scene.jo.modal)

    @on_one_engine
    async def test_who_is_in_no_program_is_told_so(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "lesson")
        assert is_private(answer)
        assert answer.text == scene.say("errors.no_lesson")
        assert scene.jo.modal is None

    @on_one_engine
    async def test_a_program_that_is_over(self, scene: Scene) -> None:
        await scene.enrol_all()
        await change(scene.company, scene.program, state=ProgramState.CLOSED)
        answer = await scene.command(scene.jo, "lesson")
        assert answer.text == scene.say("errors.lesson_over")
