import pytest

from models import Pair, PairState
from tests.handlers.actions.home import home
from tests.handlers.actions.quiet_pair import question
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


def chosen(scene: Scene) -> str | None:
    assert scene.jo.modal is not None
    [about] = [one for one in scene.jo.modal["blocks"] if one.get("block_id") == "about"]
    initial = about["element"].get("initial_option")
    return initial and initial["value"]


class TestListen:
    async def test_opens_the_form_from_the_home(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.jo.click(await home(scene), "open_support")
        assert chosen(scene) == f"program:{scene.program.id}"

    async def test_below_a_question_about_a_pair_that_pair_is_chosen(self, scene: Scene) -> None:
        pair, asked = await question(scene)
        other = await scene.company.program(scene.manager, name="Other")
        await scene.company.enrol(other, scene.junior)
        await scene.jo.click(asked, "open_support")
        assert chosen(scene) == f"pair:{pair.id}"

    @pytest.mark.parametrize("state", [PairState.ENDED, PairState.COMPLETED])
    async def test_of_a_pair_that_is_over_the_program_is_left(
        self, scene: Scene, state: PairState
    ) -> None:
        pair, asked = await question(scene)
        async with scene.company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = state
        await scene.jo.click(asked, "open_support")
        assert chosen(scene) == f"program:{scene.program.id}"
