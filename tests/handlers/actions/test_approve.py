import asyncio

from models import EnrollmentState, Person
from sandbox.client import Member
from tests.applications import apply, change, manager, reread
from tests.handlers.scene import Json, Scene, on_one_engine, texts


async def opened(scene: Scene, member: Member) -> Json:
    await scene.command(member, "queue")
    assert member.modal is not None
    return member.modal


def top(member: Member) -> list[str]:
    assert member.modal is not None
    return texts(member.modal)


class TestListen:
    async def test_the_applicant_is_in_and_the_queue_goes_on(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        other = await scene.company.person("Ot Her", level=1)
        await apply(scene.company, scene.program, other)
        await scene.robin.click(await opened(scene, scene.robin), "approve", str(applied.id))
        assert top(scene.robin)[0] == scene.say("vetting.waiting", count=1)
        assert top(scene.robin)[1].startswith(f"<@{other.slack_user_id}>")
        assert (await reread(scene.company, applied)).state is EnrollmentState.ENROLLED
        assert len(await scene.told(scene.jo)) == 2  # that they are in, and of their lesson

    async def test_of_two_managers_at_once_the_second_reads_who_was_first(
        self, scene: Scene
    ) -> None:
        kim = scene.company.member(await manager(scene.company, scene.program))
        applied = await apply(scene.company, scene.program, scene.junior)
        views = [(member, await opened(scene, member)) for member in (scene.robin, kim)]
        await asyncio.gather(
            *(member.click(view, "approve", str(applied.id)) for member, view in views)
        )
        kept = await reread(scene.company, applied)
        first, second = scene.robin, kim
        if kept.decided_by_id != scene.manager.id:
            first, second = kim, scene.robin
        assert top(first) == [scene.say("vetting.nobody")]
        sentence = f"<@{first.id}> has already approved <@{scene.jo.id}>, so nothing was changed."
        assert top(second) == [sentence]
        await second.close()
        assert top(second) == [scene.say("vetting.nobody")]

    @on_one_engine
    async def test_two_quick_presses_show_the_queue_after_both(self, scene: Scene) -> None:
        people: list[Person] = [scene.junior, *[await scene.company.person() for _ in range(3)]]
        applied = [await apply(scene.company, scene.program, person) for person in people]
        view = await opened(scene, scene.robin)
        await asyncio.gather(
            *(scene.robin.click(view, "approve", str(one.id)) for one in applied[:3])
        )
        assert top(scene.robin)[0] == scene.say("vetting.waiting", count=1)

    @on_one_engine
    async def test_the_queue_closed_meanwhile_does_no_harm(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        view = await opened(scene, scene.robin)
        press = asyncio.create_task(scene.robin.click(view, "approve", str(applied.id)))
        await asyncio.sleep(0)
        await scene.robin.close()
        await press
        assert (await reread(scene.company, applied)).state is EnrollmentState.ENROLLED
        assert scene.robin.modal is None

    @on_one_engine
    async def test_what_they_state_has_changed_meanwhile(self, scene: Scene) -> None:
        new = await scene.company.person("Ne W", level=None)
        applied = await apply(scene.company, scene.program, new, stated_level=2)
        view = await opened(scene, scene.robin)
        await change(scene.company, applied, stated_level=9)
        await scene.robin.click(view, "approve", str(applied.id))
        assert top(scene.robin)[0].startswith(f"<@{new.slack_user_id}> has just changed")
        await scene.robin.close()
        assert scene.say("vetting.stated_level", level=9) in top(scene.robin)[1]
        assert scene.robin.modal is not None
        await scene.robin.click(scene.robin.modal, "approve", str(applied.id))
        assert (await reread(scene.company, new)).level == 9

    @on_one_engine
    async def test_the_applicant_has_left_meanwhile(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        view = await opened(scene, scene.robin)
        await change(scene.company, applied, state=EnrollmentState.LEFT)
        await scene.robin.click(view, "approve", str(applied.id))
        assert top(scene.robin) == [scene.say("errors.application_gone")]
        await scene.robin.close()
        assert top(scene.robin) == [scene.say("vetting.nobody")]
