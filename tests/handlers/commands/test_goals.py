from models import PairState
from tests.handlers.scene import Scene, is_private, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_either_of_a_pair_gets_the_form_anywhere(self, scene: Scene) -> None:
        pair = await scene.open_pair()
        for member, channel in ((scene.jo, None), (scene.lena, pair.channel_id)):
            await scene.command(member, "goals", channel)
            assert member.modal is not None
            assert member.modal["private_metadata"] == str(pair.id)

    async def test_who_has_no_partner_is_told_so(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "goals")
        assert is_private(answer)
        assert answer.text == scene.say("errors.not_in_pair")
        assert scene.jo.modal is None

    async def test_a_pair_that_has_finished(self, scene: Scene) -> None:
        company = scene.company
        state = PairState.COMPLETED
        await company.pair(scene.program, scene.junior, scene.leader, state=state)
        answer = await scene.command(scene.jo, "goals")
        assert answer.text == scene.say("errors.pair_ended")

    async def test_with_two_partners_the_channel_says_which(self, scene: Scene) -> None:
        other = await scene.company.person("Other Boss", level=7)
        channels = {}
        for leader in (scene.leader, other):
            channel = scene.sandbox.add_channel(
                f"pair-{leader.id}", [scene.jo.id], private=True, app=True
            )
            pair = await scene.company.pair(
                scene.program,
                scene.junior,
                leader,
                state=PairState.ACTIVE,
                channel_id=channel,
            )
            channels[channel] = pair.id
        for channel, pair_id in channels.items():
            await scene.command(scene.jo, "goals", channel)
            assert scene.jo.modal is not None
            assert scene.jo.modal["private_metadata"] == str(pair_id)
        answer = await scene.command(scene.jo, "goals")
        assert answer.text == scene.say("errors.which_pair")
