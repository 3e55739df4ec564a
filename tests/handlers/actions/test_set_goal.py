from models import Goal, Pair, PairState
from tests.conftest import Clock
from tests.handlers.actions.test_we_met import nudged
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_the_button_opens_the_form_of_its_pair(self, scene: Scene, clock: Clock) -> None:
        pair, nudge = await nudged(scene, clock)
        await scene.lena.click(nudge, "set_goal")
        assert scene.lena.modal is not None
        assert scene.lena.modal["private_metadata"] == str(pair.id)

    async def test_nobody_gets_the_form_of_another_pair(self, scene: Scene, clock: Clock) -> None:
        pair, nudge = await nudged(scene, clock)
        channel = scene.sandbox.workspace.conversations[pair.channel_id or ""]
        scene.sandbox.workspace.join(channel, [scene.robin.id])
        await scene.robin.click(nudge, "set_goal")
        assert scene.robin.messages(channel.id)[-1]["text"] == scene.say("errors.not_your_pair")
        assert scene.robin.modal is None

    async def test_a_pair_that_has_ended(self, scene: Scene, clock: Clock) -> None:
        pair, nudge = await nudged(scene, clock)
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            (await session.get_one(Pair, pair.id)).state = PairState.COMPLETED
        await scene.lena.click(nudge, "set_goal")
        said = scene.lena.messages(pair.channel_id or "")[-1]
        assert said["text"] == scene.say("errors.pair_ended")
        assert scene.lena.modal is None
        assert await scene.count(Goal) == 0
