from models import Enrollment
from tests.handlers.actions.home import home
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_skips_the_match_of_the_program_it_stands_with(self, scene: Scene) -> None:
        await scene.enrol_all()
        other = await scene.company.program(scene.manager, name="Other")
        await scene.company.enrol(other, scene.junior)
        await scene.jo.click(await home(scene), "skip_round", str(other.id))
        assert scene.say("pause.skipped_match", programs="Other") in str(scene.jo.modal)
        skips = {one.program_id for one in await scene.rows(Enrollment) if one.skips_match}
        assert skips == {other.id}
