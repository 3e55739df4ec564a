import pytest
from sqlalchemy import delete

from models import PairState, ProgramManager
from sandbox.client import Member
from tests.applications import manager
from tests.handlers.actions.paused_pair import level_of_jo, paused, state_of_pair
from tests.handlers.scene import Json, Scene, on_one_engine, texts

pytestmark = on_one_engine


async def opened(scene: Scene, member: Member) -> Json:
    """The paused pairs of the program, from the member's Home."""
    member.open_home()
    await scene.sandbox.settle()
    assert member.home is not None
    await member.click(member.home, "open_paused")
    assert member.modal is not None
    return member.modal


def buttons(view: Json | None) -> list[str]:
    assert view is not None
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return [button["action_id"] for row in rows for button in row]


class TestListen:
    async def test_lists_the_pairs_with_what_can_be_decided(self, scene: Scene) -> None:
        await paused(scene)
        view = await opened(scene, scene.robin)
        both = {"mentor": f"<@{scene.jo.id}>", "mentee": f"<@{scene.lena.id}>"}
        assert texts(view) == [
            scene.say("pair.undecided", program="Fresh Eyes", count=1),
            f"{both['mentor']} mentors {both['mentee']}.",
            scene.say("pair.undecided_unsafe"),
        ]
        assert buttons(view) == ["end_pair"]
        await scene.robin.close()
        await level_of_jo(scene, 1)
        view = await opened(scene, scene.robin)
        assert scene.say("pair.undecided_safe") in texts(view)
        assert buttons(view) == ["end_pair", "go_on_pair"]

    async def test_the_home_names_nobody(self, scene: Scene) -> None:
        await paused(scene)
        await opened(scene, scene.robin)
        assert scene.jo.id not in str(scene.robin.home)

    @pytest.mark.parametrize(
        ("action", "state"),
        [("go_on_pair", PairState.ACTIVE), ("end_pair", PairState.ENDED)],
    )
    async def test_after_a_decision_shows_what_is_left(
        self, scene: Scene, action: str, state: PairState
    ) -> None:
        await paused(scene)
        await level_of_jo(scene, 1)
        await scene.robin.click(await opened(scene, scene.robin), action)
        assert await state_of_pair(scene) is state
        assert scene.robin.modal is not None
        assert texts(scene.robin.modal) == [scene.say("pair.all_decided", program="Fresh Eyes")]

    async def test_what_another_has_decided_is_said_above_and_gone_below(
        self, scene: Scene
    ) -> None:
        kim = scene.company.member(await manager(scene.company, scene.program))
        _, message = await paused(scene)
        view = await opened(scene, kim)
        await scene.robin.click(message, "end_pair")
        await kim.click(view, "end_pair")
        assert kim.modal is not None
        assert texts(kim.modal) == [scene.say("errors.pair_decided_end")]
        await kim.close()
        assert texts(kim.modal) == [scene.say("pair.all_decided", program="Fresh Eyes")]

    async def test_ones_own_pair_is_for_another_manager(self, scene: Scene) -> None:
        lena = scene.lena
        async with scene.company.transaction() as session:
            found = ProgramManager(program_id=scene.program.id, person_id=scene.leader.id)
            session.add(found)
        _, message = await paused(scene, lena)
        view = await opened(scene, lena)
        assert buttons(view) == []
        assert scene.say("pair.undecided_own") in texts(view)
        await lena.close()
        await scene.sandbox.send("interaction", scene.press(lena.id, message))
        said = lena.messages(lena.direct())[-1]["text"]
        assert said == scene.say("errors.pair_decision_own")
        assert await state_of_pair(scene) is PairState.PAUSED

    async def test_of_a_program_that_one_manages_no_more(self, scene: Scene) -> None:
        await paused(scene)
        scene.robin.open_home()
        await scene.sandbox.settle()
        home = scene.robin.home
        assert home is not None
        async with scene.company.transaction() as session:
            await session.execute(delete(ProgramManager))
        await scene.robin.click(home, "open_paused")
        assert scene.robin.modal is not None
        assert texts(scene.robin.modal) == [scene.say("errors.not_allowed")]
