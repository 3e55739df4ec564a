from typing import Any

from bot.delivery import service as delivery
from models import MatchRun, MatchRunState, Pair, Program, Proposal
from sandbox.client import Member
from tests.handlers.scene import Scene, on_one_engine, texts

Json = dict[str, Any]


async def asked(scene: Scene) -> dict[Member, Json]:
    """What each of the two is asked once a match of theirs is approved."""
    await scene.enrol_all()
    async with scene.company.transaction() as session:
        (await session.get_one(Program, scene.program.id)).asks_participants = True
    await scene.robin.click(await scene.proposal(), "publish_match")
    both = (scene.jo, scene.lena)
    return {one: (await scene.in_channel(one, one.direct()))[-1] for one in both}


def shown(member: Member, question: Json) -> Json:
    found = member.messages(question["channel"])
    return next(message for message in found if message["ts"] == question["ts"])


class TestListen:
    async def test_two_yeses_make_the_pair(self, scene: Scene) -> None:
        questions = await asked(scene)
        await scene.jo.click(questions[scene.jo], "accept_match")
        after = shown(scene.jo, questions[scene.jo])
        assert texts(after) == [*texts(questions[scene.jo]), scene.say("match_asking.said_yes")]
        assert "actions" not in [block["type"] for block in after["blocks"]]
        assert shown(scene.lena, questions[scene.lena]) == questions[scene.lena]
        assert await scene.rows(Pair) == []
        await scene.lena.click(questions[scene.lena], "accept_match")
        [pair] = await scene.rows(Pair)
        assert (pair.mentor_id, pair.mentee_id) == (scene.junior.id, scene.leader.id)

    @on_one_engine
    async def test_a_second_answer_changes_nothing(self, scene: Scene) -> None:
        question = (await asked(scene))[scene.lena]
        late = scene.press(scene.lena.id, question, "decline_match")
        await scene.lena.click(question, "accept_match")
        await scene.sandbox.send("interaction", late)
        said = scene.lena.messages(question["channel"])[-1]["text"]
        assert said == scene.say("errors.match_answered")
        assert texts(shown(scene.lena, question))[-1] == scene.say("match_asking.said_yes")
        [found] = await scene.rows(Proposal)
        assert (found.mentor_says, found.mentee_says) == (None, True)

    @on_one_engine
    async def test_is_not_for_others(self, scene: Scene) -> None:
        question = (await asked(scene))[scene.lena]
        await scene.sandbox.send("interaction", scene.press(scene.robin.id, question))
        [found] = await scene.rows(Proposal)
        assert (found.mentor_says, found.mentee_says) == (None, None)

    @on_one_engine
    async def test_the_admin_channel_reads_numbers_alone(self, scene: Scene) -> None:
        questions = await asked(scene)
        await scene.jo.click(questions[scene.jo], "accept_match")
        await scene.lena.click(questions[scene.lena], "accept_match")
        await delivery.send_due(scene.runtime)
        read = str(scene.robin.messages(scene.channel))
        for person in (scene.junior, scene.leader):
            assert person.slack_user_id not in read
            assert person.name not in read
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.PUBLISHED]
