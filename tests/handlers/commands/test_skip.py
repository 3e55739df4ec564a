from models import Enrollment, Pair, PairState
from tests.handlers.scene import Scene, is_private, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_of_somebody_who_waits_leaves_out_the_next_match(self, scene: Scene) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.jo, "skip")
        assert is_private(answer)
        assert answer.text == scene.say("pause.skipped_match", programs="Fresh Eyes")
        assert [one.skips_match for one in await scene.rows(Enrollment)] == [False, True]

    async def test_in_a_pairs_channel_leaves_out_its_meeting(self, scene: Scene) -> None:
        await scene.enrol_all()
        pair = await scene.open_pair()
        answer = await scene.command(scene.jo, "skip", pair.channel_id)
        assert is_private(answer)
        assert answer.text == scene.say("pause.skipped_meeting", programs="Fresh Eyes")
        said = await scene.in_channel(scene.lena, pair.channel_id)
        assert scene.jo.id not in str(said[1:]), "the partner does not read who asked"

    async def test_in_the_channel_of_a_pair_that_is_paused(self, scene: Scene) -> None:
        await scene.enrol_all()
        pair = await scene.open_pair()
        async with scene.company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.PAUSED
        answer = await scene.command(scene.jo, "skip", pair.channel_id)
        assert is_private(answer)
        assert answer.text == scene.say("errors.pair_paused")

    async def test_of_nothing(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "skip")
        assert answer.text == scene.say("errors.nothing_to_skip")
