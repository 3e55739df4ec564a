from bot.delivery import service as delivery
from bot.pairs import service as pairs
from models import EnrollmentState, Space
from prompts.library import Mrkdwn
from sandbox.client import Member
from sandbox.faults import Fault
from tests.applications import apply, manager, reread
from tests.handlers.scene import Json, Scene, on_one_engine, texts

pytestmark = on_one_engine


async def talks(scene: Scene, member: Member) -> list[list[Json]]:
    """The messages in each group DM that somebody is in."""
    await delivery.send_due(scene.runtime)
    return [member.messages(one["id"]) for one in member.channels if one["kind"] == "mpim"]


async def press(scene: Scene, member: Member, value: str) -> None:
    await scene.command(member, "queue")
    assert member.modal is not None
    await member.click(member.modal, "talk_first", value)


class TestListen:
    async def test_opens_a_group_dm_of_both_with_a_word_to_begin(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        await press(scene, scene.robin, str(applied.id))
        assert scene.robin.modal is not None
        assert texts(scene.robin.modal)[2] == scene.say("vetting.talking_yourself")
        for member in (scene.robin, scene.jo):
            [[opener]] = await talks(scene, member)
            assert f"<@{scene.robin.id}>" in opener["text"]
            assert f"<@{scene.jo.id}>" in opener["text"]
        assert await talks(scene, scene.lena) == []

    async def test_pressed_again_it_opens_and_says_nothing_more(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        for _ in range(2):
            await press(scene, scene.robin, str(applied.id))
        [[_]] = await talks(scene, scene.jo)

    async def test_another_manager_sees_who_talks_and_may_still_decide(self, scene: Scene) -> None:
        kim = scene.company.member(await manager(scene.company, scene.program))
        applied = await apply(scene.company, scene.program, scene.junior)
        await press(scene, scene.robin, str(applied.id))
        await scene.command(kim, "queue")
        assert kim.modal is not None
        assert f"<@{scene.robin.id}>" in texts(kim.modal)[2]
        [row] = [block for block in kim.modal["blocks"] if block["type"] == "actions"]
        assert [button["action_id"] for button in row["elements"]] == ["approve", "decline"]
        await kim.click(kim.modal, "approve", str(applied.id))
        assert (await reread(scene.company, applied)).state is EnrollmentState.ENROLLED

    async def test_who_pressed_a_little_later_opens_no_second_talk(self, scene: Scene) -> None:
        kim = scene.company.member(await manager(scene.company, scene.program))
        applied = await apply(scene.company, scene.program, scene.junior)
        await scene.command(kim, "queue")
        stale = kim.modal
        assert stale is not None
        await press(scene, scene.robin, str(applied.id))
        await kim.click(stale, "talk_first", str(applied.id))
        assert kim.modal is not None
        [sentence] = texts(kim.modal)
        assert sentence.startswith(f"<@{scene.robin.id}> is already talking with <@{scene.jo.id}>")
        assert await talks(scene, kim) == []

    async def test_if_slack_opens_none_it_is_as_it_was(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        scene.sandbox.faults.add(Fault("error", method="conversations.open"))
        await press(scene, scene.robin, str(applied.id))
        assert (await reread(scene.company, applied)).state is EnrollmentState.APPLIED
        await press(scene, scene.robin, str(applied.id))
        [[_]] = await talks(scene, scene.jo)

    async def test_a_later_pair_of_the_two_gets_a_place_of_its_own(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        await press(scene, scene.robin, str(applied.id))
        [[opener]] = await talks(scene, scene.jo)
        other = await scene.company.program(name="Talks", space=Space.GROUP_DM)
        pair = await scene.company.pair(other, scene.junior, scene.manager)
        assert await pairs.open_spaces(scene.runtime) == 1
        assert await talks(scene, scene.jo) == [[opener]]
        channel_id = (await reread(scene.company, pair)).channel_id
        assert channel_id is not None
        assert len(scene.jo.messages(channel_id)) == 1

    async def test_in_the_place_of_a_pair_of_the_two_nothing_is_said(self, scene: Scene) -> None:
        other = await scene.company.program(name="Talks", space=Space.GROUP_DM)
        await scene.company.pair(other, scene.junior, scene.manager)
        await pairs.open_spaces(scene.runtime)
        applied = await apply(scene.company, scene.program, scene.junior)
        before = await talks(scene, scene.jo)
        await press(scene, scene.robin, str(applied.id))
        assert scene.robin.modal is not None
        assert texts(scene.robin.modal) == [
            scene.say("errors.talk_with_partner", applicant=Mrkdwn(f"<@{scene.jo.id}>"))
        ]
        assert await talks(scene, scene.jo) == before
